// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.http;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.jspecify.annotations.Nullable;

/**
 * A websocket as a blocking queue: Jetty's threads fill it, the handler's virtual thread drains it.
 * Public because Jetty calls its methods by handle; nobody else can make one.
 */
public final class JettyWebSocket extends Session.Listener.AbstractAutoDemanding
    implements WebSocketConnection {
  /** A peer that sends faster than we read is cut off. */
  private static final int MAX_QUEUED = 1_000;

  private sealed interface Event {
    record Frame(String text) implements Event {}

    record Closed() implements Event {}
  }

  private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>(MAX_QUEUED + 1);
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
    opened.setMaxTextMessageSize(4 * 1024 * 1024);
    session = opened;
    Thread.ofVirtual()
        .name("websocket")
        .start(
            () -> {
              try {
                handler.serve(this);
              } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
              } catch (RuntimeException e) {
                System.getLogger("http").log(System.Logger.Level.ERROR, "a websocket failed", e);
              } finally {
                close(1000, "");
              }
            });
  }

  @Override
  public void onWebSocketText(String message) {
    if (events.size() >= MAX_QUEUED || !events.offer(new Event.Frame(message))) {
      close(1008, "too many messages waiting");
    }
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
      case Event.Frame(var text) -> Optional.of(text);
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
