// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.http;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** An open websocket (RFC 6455); most speak text frames alone. */
public interface WebSocketConnection {

  /** A message as it came. */
  sealed interface Message {
    record Text(String text) implements Message {}

    @SuppressWarnings("ArrayRecordComponent")
    record Binary(byte[] bytes) implements Message {}
  }

  /** Sends one text frame; blocks until it is handed to the network. */
  void send(String text) throws IOException;

  /** Sends one binary message; blocks until it is handed to the network. */
  void send(byte[] bytes) throws IOException;

  /**
   * The next message of either kind, or empty where none came in time.
   *
   * @throws IOException where the peer has closed the socket
   */
  Optional<Message> next(Duration timeout) throws IOException, InterruptedException;

  /**
   * The next text frame, or empty where none came in time.
   *
   * @throws IOException where the peer has closed the socket, or speaks in another way
   */
  Optional<String> receive(Duration timeout) throws IOException, InterruptedException;

  /** Closes with a status code of RFC 6455 section 7.4. */
  void close(int status, String reason);

  boolean isOpen();
}
