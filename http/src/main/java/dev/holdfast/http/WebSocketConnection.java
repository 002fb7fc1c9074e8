// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.http;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** An open websocket that speaks text frames (RFC 6455). */
public interface WebSocketConnection {

  /** Sends one text frame; blocks until it is handed to the network. */
  void send(String text) throws IOException;

  /**
   * The next text frame, or empty where none came in time.
   *
   * @throws IOException where the peer has closed the socket
   */
  Optional<String> receive(Duration timeout) throws IOException, InterruptedException;

  /** Closes with a status code of RFC 6455 section 7.4. */
  void close(int status, String reason);

  boolean isOpen();
}
