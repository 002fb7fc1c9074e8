// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.events;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/** A receiver that behaves as a test wants it to. */
final class Listener implements AutoCloseable {
  private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final List<Heard> heard = new CopyOnWriteArrayList<>();
  private final Queue<String> answers = new ArrayDeque<>();
  private final AtomicBoolean hangs = new AtomicBoolean();
  private final AtomicBoolean refuses = new AtomicBoolean();
  private final AtomicReference<Duration> delay = new AtomicReference<>(Duration.ZERO);
  private final CountDownLatch end = new CountDownLatch(1);

  Listener() throws IOException {
    Thread.ofVirtual().start(this::accept);
  }

  /** A delivery as it came. */
  record Heard(String head, String body) {
    String field(String name) {
      return head.lines()
          .filter(line -> line.startsWith(name + ": "))
          .map(line -> line.substring(name.length() + 2))
          .findFirst()
          .orElse("");
    }
  }

  String url() {
    return "http://127.0.0.1:" + server.getLocalPort() + "/events";
  }

  /** What it answers first; afterwards that it has the event. */
  void answers(String... lines) {
    synchronized (answers) {
      answers.clear();
      answers.addAll(Arrays.asList(lines));
    }
  }

  void hangs(boolean now) {
    hangs.set(now);
  }

  void refuses(boolean now) {
    refuses.set(now);
  }

  void delays(Duration time) {
    delay.set(time);
  }

  List<Heard> heard() {
    return heard;
  }

  List<String> bodies() {
    return heard.stream().map(Heard::body).toList();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException _) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      Heard said = read(socket.getInputStream());
      heard.add(said);
      if (hangs.get()) {
        end.await();
        return;
      }
      boolean _ = end.await(delay.get().toMillis(), TimeUnit.MILLISECONDS);
      socket
          .getOutputStream()
          .write((answer() + "\r\nContent-Length: 0\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().flush();
    } catch (IOException _) {
      // whoever sent it had enough
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private String answer() {
    synchronized (answers) {
      String next = answers.poll();
      return next != null ? next : refuses.get() ? "HTTP/1.1 410 gone" : "HTTP/1.1 204 No Content";
    }
  }

  private static Heard read(InputStream in) throws IOException {
    var head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
      int c = in.read();
      if (c < 0) {
        throw new IOException("cut off");
      }
      head.write(c);
    }
    String text = head.toString(StandardCharsets.US_ASCII);
    int length = Integer.parseInt(new Heard(text, "").field("Content-Length"));
    return new Heard(text, new String(in.readNBytes(length), StandardCharsets.US_ASCII));
  }

  @Override
  public void close() throws IOException {
    end.countDown();
    server.close();
  }
}
