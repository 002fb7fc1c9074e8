// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws.sigv4;

import org.jspecify.annotations.Nullable;

/** A key pair, with a session token where the keys are temporary. Prints without its secrets. */
public record Credentials(
    String accessKeyId, String secretAccessKey, @Nullable String sessionToken) {
  @Override
  public String toString() {
    return "Credentials[" + accessKeyId + "]";
  }
}
