// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.http;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
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
    record Frame(String text) implements Event {}

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
    lock.lock();
    try {
      asked = false;
      waiting += message.length() + OVERHEAD;
      events.add(new Event.Frame(message));
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

  private String taken(String text) {
    lock.lock();
    try {
      waiting -= text.length() + OVERHEAD;
    } finally {
      lock.unlock();
    }
    ask();
    return text;
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
    Session current = session;
    if (current == null || !current.isOpen()) {
      throw new IOException("the websocket is closed");
    }
    var done = new Callback.Completable();
    current.sendText(text, done);
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
    Event event = events.poll(timeout.toMillis(), TimeUnit.MILLISECONDS);
    return switch (event) {
      case null -> Optional.empty();
      case Event.Frame(var text) -> Optional.of(taken(text));
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
