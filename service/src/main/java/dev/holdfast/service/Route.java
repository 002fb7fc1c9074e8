// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.service;

import dev.holdfast.http.HttpHandler;

/**
 * A path prefix that is not an AWS operation: the registry's, the agents' websockets'.
 *
 * @param published whether it answers anybody, without a signature, with what is no secret; then it
 *     does so by this address's own names alone
 */
public record Route(String prefix, HttpHandler handler, boolean published) {
  /** A path whose handler sees to who asks. */
  public Route(String prefix, HttpHandler handler) {
    this(prefix, handler, false);
  }
}
