// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One request and its answer, handled on a virtual thread that may block. */
public interface Exchange {

  /** One header field as it came. */
  record Header(String name, String value) {
    /** Without the value, which may be a signature, a token or a password. */
    @Override
    public String toString() {
      return name + ": ***";
    }
  }

  String method();

  /** The path exactly as on the wire, still escaped. */
  String rawPath();

  /** The query exactly as on the wire, still escaped; empty where there is none. */
  String rawQuery();

  /** Every header field in wire order. */
  List<Header> headers();

  /** Where the request came from; a unix socket has no address of its own. */
  SocketAddress remote();

  /** The user at the other end of a unix socket, by name; null over the network. */
  @Nullable String peerUser();

  /** What TLS showed of the other end; null over a plain connection. */
  default Tls.@Nullable Shown tls() {
    return null;
  }

  /** The body as a stream; reading blocks this thread alone. */
  InputStream body();

  /** Answers with a body that is at hand. */
  void respond(int status, List<Header> headers, byte[] body) throws IOException;

  /**
   * Starts an answer whose body is streamed.
   *
   * @param length the number of bytes that follow, or -1 for a chunked answer
   */
  OutputStream stream(int status, List<Header> headers, long length) throws IOException;

  /** Turns the request into a websocket and serves it until {@code handler} returns. */
  void upgrade(Duration idle, WebSocketHandler handler) throws IOException;

  /** The first value of a header, or null. */
  default @Nullable String header(String name) {
    for (Header header : headers()) {
      if (header.name().equalsIgnoreCase(name)) {
        return header.value();
      }
    }
    return null;
  }
}
