// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A server on a unix socket that gives every request one and the same answer. */
final class FakeDoor implements AutoCloseable {
  private final Path socket;
  private final ServerSocketChannel server;
  private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();

  FakeDoor(Path socket, int status, String body) throws IOException {
    this(socket);
    Thread.ofPlatform().daemon().start(() -> serve(status, body));
  }

  private FakeDoor(Path socket) throws IOException {
    this.socket = socket;
    this.server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
  }

  /** A door that lets clients in and never says a word. */
  static FakeDoor silent(Path socket) throws IOException {
    return new FakeDoor(socket);
  }

  Path socket() {
    return socket;
  }

  /** The next request, as text. */
  String request() throws InterruptedException {
    return requests.take();
  }

  private void serve(int status, String body) {
    while (server.isOpen()) {
      try (SocketChannel client = server.accept()) {
        requests.add(read(client));
        String answer =
            "HTTP/1.1 " + status + " X\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
        client.write(ByteBuffer.wrap(answer.getBytes(StandardCharsets.UTF_8)));
      } catch (IOException _) {
        return;
      }
    }
  }

  /** Reads one request; its body has come in full when its length is what the head says. */
  private static String read(SocketChannel client) throws IOException {
    var text = new StringBuilder();
    var buffer = ByteBuffer.allocate(4096);
    while (!complete(text.toString()) && client.read(buffer) >= 0) {
      text.append(StandardCharsets.UTF_8.decode(buffer.flip()));
      buffer.clear();
    }
    return text.toString();
  }

  private static boolean complete(String request) {
    int end = request.indexOf("\r\n\r\n");
    int at = request.indexOf("Content-Length: ");
    return end > 0
        && request.length() - end - 4
            >= Integer.parseInt(request.substring(at + 16, request.indexOf('\r', at)));
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
