// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.http;

/** Serves one websocket on a virtual thread of its own; the socket closes when it returns. */
@FunctionalInterface
public interface WebSocketHandler {
  void serve(WebSocketConnection connection) throws InterruptedException;
}
