// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli;

import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
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
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A blocking HTTP/1.1 client of one installation's admin socket, one connection a request (RFC
 * 9112: Content-Length, chunked and close-delimited bodies).
 */
public final class AdminClient {

  /**
   * An answer.
   *
   * @param status HTTP status
   * @param body the whole body, empty where it was streamed or there was none
   */
  public record Answer(int status, String body) {
    /** The body as an object; a body of another kind becomes {@code {"message": body}}. */
    public JsonObject json() {
      if (body.isBlank()) {
        return JsonObject.EMPTY;
      }
      try {
        return Json.parseObject(body);
      } catch (Json.MalformedJson _) {
        return JsonObject.EMPTY.with("message", body.strip());
      }
    }
  }

  private final Path socket;
  private final Duration timeout;

  AdminClient(Path socket, Duration timeout) {
    this.socket = socket;
    this.timeout = timeout;
  }

  /** Whether the socket takes a connection. */
  boolean connects() {
    try (SocketChannel _ = open()) {
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  public Answer get(String path) throws IOException {
    return exchange("GET", path, JsonObject.EMPTY);
  }

  Answer post(String path, JsonObject body) throws IOException {
    return exchange("POST", path, body);
  }

  /** Copies a body to {@code out} as it arrives, without an end in time; returns the answer. */
  Answer stream(String path, OutputStream out) throws IOException {
    return stream("GET", path, JsonObject.EMPTY, out);
  }

  /** As {@link #stream(String, OutputStream)}, of another request. */
  Answer stream(String method, String path, JsonObject body, OutputStream out) throws IOException {
    try (SocketChannel channel = open()) {
      return talk(channel, method, path, body, out);
    }
  }

  private Answer exchange(String method, String path, JsonObject body) throws IOException {
    try (SocketChannel channel = open()) {
      var done = new CountDownLatch(1);
      Thread.ofVirtual().start(() -> closeUnless(done, channel));
      try {
        return talk(channel, method, path, body, new ByteArrayOutputStream());
      } finally {
        done.countDown();
      }
    }
  }

  private void closeUnless(CountDownLatch done, SocketChannel channel) {
    try {
      if (!done.await(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        channel.close();
      }
    } catch (InterruptedException | IOException _) {
      Thread.currentThread().interrupt();
    }
  }

  private SocketChannel open() throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.connect(UnixDomainSocketAddress.of(socket));
      return channel;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private static Answer talk(
      SocketChannel channel, String method, String path, JsonObject body, OutputStream out)
      throws IOException {
    byte[] content = method.equals("POST") ? Json.bytes(body) : new byte[0];
    String head =
        method
            + " "
            + path
            + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            + (content.length == 0 ? "" : "Content-Type: application/json\r\n")
            + "Content-Length: "
            + content.length
            + "\r\n\r\n";
    // In one write: a server that answers without reading the body may close before a second one.
    var request = new ByteArrayOutputStream();
    request.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
    request.writeBytes(content);
    write(channel, request.toByteArray());
    return read(new BufferedInputStream(Channels.newInputStream(channel)), out);
  }

  private static void write(SocketChannel channel, byte[] bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  /** Reads one response; a body of another status than 200 is kept rather than streamed. */
  static Answer read(InputStream in, OutputStream out) throws IOException {
    String[] statusLine = line(in).split(" ", 3);
    if (statusLine.length < 2 || !statusLine[0].startsWith("HTTP/1.")) {
      throw new IOException("the admin socket does not speak HTTP");
    }
    int status = Integer.parseInt(statusLine[1]);
    long length = -1;
    boolean chunked = false;
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      String lower = header.toLowerCase(Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        length = Long.parseLong(lower.substring(15).strip());
      } else if (lower.startsWith("transfer-encoding:") && lower.endsWith("chunked")) {
        chunked = true;
      }
    }
    OutputStream target = status == 200 ? out : new ByteArrayOutputStream();
    if (status != 204) {
      body(in, target, length, chunked);
    }
    return new Answer(
        status,
        target instanceof ByteArrayOutputStream bytes
            ? bytes.toString(StandardCharsets.UTF_8)
            : "");
  }

  private static void body(InputStream in, OutputStream out, long length, boolean chunked)
      throws IOException {
    if (!chunked) {
      copy(in, out, length);
      return;
    }
    while (true) {
      long size = Long.parseLong(line(in).split(";", 2)[0].strip(), 16);
      if (size == 0) {
        return;
      }
      copy(in, out, size);
      line(in);
    }
  }

  private static void copy(InputStream in, OutputStream out, long length) throws IOException {
    byte[] buffer = new byte[8192];
    long left = length < 0 ? Long.MAX_VALUE : length;
    while (left > 0) {
      int n = in.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (n < 0) {
        if (length >= 0) {
          throw new EOFException("the answer ended too early");
        }
        return;
      }
      out.write(buffer, 0, n);
      out.flush();
      left -= n;
    }
  }

  private static String line(InputStream in) throws IOException {
    var text = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the answer ended too early");
      }
      if (c != '\r') {
        text.append((char) c);
      }
    }
    return text.toString();
  }
}
