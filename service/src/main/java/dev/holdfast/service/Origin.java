// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.service;

/**
 * Where a call came from.
 *
 * @param secure true over TLS and on loopback, where no wire is
 */
public record Origin(String sourceIp, String userAgent, boolean secure) {
  /** Calls that the platform makes on its own behalf. */
  public static final Origin PLATFORM = new Origin("127.0.0.1", "holdfast", true);
}
