// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.oci;

import dev.holdfast.service.Access;
import java.io.IOException;

/** One kind of registry request: what it demands, then what it does. */
interface OciOperation {
  /** The ECR operation that the audit names it by. */
  String event();

  /** Decided before {@link #handle} runs. */
  Access access(OciCall call);

  void handle(OciCall call) throws IOException;

  /** Whether each success is an event of its own, beside what changes state. */
  default boolean audited() {
    return false;
  }
}
