// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.engine;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A connection to the engine that became a plain two-way stream.
 *
 * @see <a href="https://docs.docker.com/reference/api/engine/">Hijacking, in the Engine API</a>
 */
final class HijackedStream implements AutoCloseable {
  private static final int LONGEST_HEAD = 64 * 1024;

  private final SocketChannel channel;
  private final InputStream in;
  private final OutputStream out;

  private HijackedStream(SocketChannel channel) {
    this.channel = channel;
    this.in = new BufferedInputStream(Channels.newInputStream(channel));
    this.out = Channels.newOutputStream(channel);
  }

  /** Posts a request and takes over its connection. */
  static HijackedStream open(Path socket, String path, String json) throws IOException {
    var stream = new HijackedStream(SocketChannel.open(StandardProtocolFamily.UNIX));
    boolean opened = false;
    try {
      stream.channel.connect(UnixDomainSocketAddress.of(socket));
      byte[] body = json.getBytes(StandardCharsets.UTF_8);
      String head =
          "POST "
              + path
              + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
              + "Connection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: "
              + body.length
              + "\r\n\r\n";
      stream.write(head.getBytes(StandardCharsets.US_ASCII));
      stream.write(body);
      stream.head();
      opened = true;
      return stream;
    } finally {
      if (!opened) {
        stream.close();
      }
    }
  }

  private void head() throws IOException {
    String status = line();
    String[] words = status.split(" ", 3);
    int code = words.length > 1 && words[1].matches("[0-9]{3}") ? Integer.parseInt(words[1]) : 0;
    int read = status.length();
    for (String header = line(); !header.isEmpty(); header = line()) {
      read += header.length();
      if (read > LONGEST_HEAD) {
        throw new EngineException(0, "the container engine's answer is too long");
      }
    }
    if (code != 101 && code != 200) {
      throw new EngineException(code, "the container engine refuses to start the command: " + code);
    }
  }

  private String line() throws IOException {
    var text = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the container engine closed the connection");
      }
      if (c != '\r' && text.length() < LONGEST_HEAD) {
        text.append((char) c);
      }
    }
    return text.toString();
  }

  InputStream in() {
    return in;
  }

  void write(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  /** Says that nothing more is written; what is read goes on. */
  void endOutput() throws IOException {
    channel.shutdownOutput();
  }

  /** Reads exactly that much, or says that the stream has ended. */
  boolean fill(ByteBuffer buffer) throws IOException {
    byte[] bytes = in.readNBytes(buffer.remaining());
    buffer.put(bytes);
    return !buffer.hasRemaining();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
