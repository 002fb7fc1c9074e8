// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.jspecify.annotations.Nullable;

/**
 * A websocket as a blocking queue: Jetty's threads fill it, the handler's virtual thread drains it.
 * A peer that sends faster than the handler reads is not read until the handler has caught up, so
 * that what waits is bounded by one message and {@link #ROOM}. Public because Jetty calls its
 * methods by handle; nobody else can make one.
 */
public final class JettyWebSocket extends Session.Listener.Abstract implements WebSocketConnection {
  /** While more characters wait, nothing more is read. */
  private static final int ROOM = 256 * 1024;

  /** What a message costs beside its characters. */
  private static final int OVERHEAD = 128;

  /** The largest message of an agent is a batch of metrics, some kilobytes. */
  private static final int LONGEST = 1024 * 1024;

  private sealed interface Event {
    record Frame(Message message, int size) implements Event {}

    record Closed() implements Event {}
  }

  private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final ReentrantLock lock = new ReentrantLock();
  private int waiting;
  private boolean asked;
  private final WebSocketHandler handler;
  private final Duration idle;
  private volatile @Nullable Session session;

  JettyWebSocket(WebSocketHandler handler, Duration idle) {
    this.handler = handler;
    this.idle = idle;
  }

  @Override
  public void onWebSocketOpen(Session opened) {
    super.onWebSocketOpen(opened);
    opened.setIdleTimeout(idle);
    opened.setMaxTextMessageSize(LONGEST);
    opened.setMaxBinaryMessageSize(LONGEST);
    session = opened;
    ask();
    Thread.ofVirtual()
        .name("websocket")
        .start(
            () -> {
              int status = 1011;
              try {
                handler.serve(this);
                status = 1000;
              } catch (InterruptedException _) {
                status = 1001;
                Thread.currentThread().interrupt();
              } catch (RuntimeException e) {
                System.getLogger("http").log(System.Logger.Level.ERROR, "a websocket failed", e);
              } finally {
                close(status, "");
              }
            });
  }

  @Override
  public void onWebSocketText(String message) {
    came(new Message.Text(message), message.length());
  }

  @Override
  public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
    byte[] bytes = new byte[payload.remaining()];
    payload.get(bytes);
    callback.succeed();
    came(new Message.Binary(bytes), bytes.length);
  }

  private void came(Message message, int size) {
    lock.lock();
    try {
      asked = false;
      waiting += size + OVERHEAD;
      events.add(new Event.Frame(message, size));
    } finally {
      lock.unlock();
    }
    ask();
  }

  /** Lets the next message come, where there is room for it and it was not asked for yet. */
  private void ask() {
    Session current = session;
    lock.lock();
    try {
      if (asked || waiting > ROOM || current == null || !current.isOpen()) {
        return;
      }
      asked = true;
    } finally {
      lock.unlock();
    }
    current.demand();
  }

  private Message taken(Event.Frame frame) {
    lock.lock();
    try {
      waiting -= frame.size() + OVERHEAD;
    } finally {
      lock.unlock();
    }
    ask();
    return frame.message();
  }

  @Override
  public void onWebSocketClose(int statusCode, String reason, Callback done) {
    boolean _ = events.offer(new Event.Closed());
    done.succeed();
  }

  @Override
  public void onWebSocketError(Throwable cause) {
    boolean _ = events.offer(new Event.Closed());
  }

  @Override
  public void send(String text) throws IOException {
    send((current, done) -> current.sendText(text, done));
  }

  @Override
  public void send(byte[] bytes) throws IOException {
    send((current, done) -> current.sendBinary(ByteBuffer.wrap(bytes), done));
  }

  private void send(BiConsumer<Session, Callback> message) throws IOException {
    Session current = session;
    if (current == null || !current.isOpen()) {
      throw new IOException("the websocket is closed");
    }
    var done = new Callback.Completable();
    message.accept(current, done);
    try {
      done.get(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
      throw new IOException("the websocket did not take the message", e);
    }
  }

  @Override
  public Optional<String> receive(Duration timeout) throws IOException, InterruptedException {
    Optional<Message> next = next(timeout);
    if (next.isPresent() && next.get() instanceof Message.Text(var text)) {
      return Optional.of(text);
    }
    if (next.isPresent()) {
      close(1003, "this stream takes text");
      throw new IOException("the peer sent a binary message");
    }
    return Optional.empty();
  }

  @Override
  public Optional<Message> next(Duration timeout) throws IOException, InterruptedException {
    Event event = events.poll(timeout.toMillis(), TimeUnit.MILLISECONDS);
    return switch (event) {
      case null -> Optional.empty();
      case Event.Frame frame -> Optional.of(taken(frame));
      case Event.Closed _ -> {
        boolean _ = events.offer(event);
        throw new IOException("the websocket is closed");
      }
    };
  }

  @Override
  public void close(int status, String reason) {
    Session current = session;
    if (current != null && current.isOpen()) {
      current.close(status, reason, Callback.NOOP);
    }
  }

  @Override
  public boolean isOpen() {
    Session current = session;
    return current != null && current.isOpen();
  }
}
