// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kit;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** How one type of component becomes JSON and back. */
interface CodecNode {
  void write(JsonGenerator out, Object value);

  Object read(JsonValue value);

  /** What an absent member reads as. */
  default @Nullable Object absent() {
    return null;
  }
}
