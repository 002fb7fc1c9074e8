// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.http;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.jspecify.annotations.Nullable;

/**
 * Closes the connections that hold a place for nothing: those that open and say nothing, send a
 * request's headers or body in drops, or do not take their answer. Jetty's own idle timeout starts
 * anew with each byte. Websockets are left to their own timeout.
 */
final class Watch implements Connection.Listener, AutoCloseable {
  private static final long SWEEP = TimeUnit.MILLISECONDS.toNanos(500);
  private static final Path LIMITS = Path.of("/proc/self/limits");
  private static final String OPEN_FILES = "Max open files";

  private final Patience patience;
  private final Map<Connection, Visit> visits = new ConcurrentHashMap<>();

  /** The visits in the order of their opening, and what was passed over since at its end. */
  private final ConcurrentLinkedQueue<Visit> order = new ConcurrentLinkedQueue<>();

  private final Thread sweeper;
  private volatile boolean closed;

  private Watch(Patience patience) {
    this.patience = patience;
    this.sweeper = Thread.ofVirtual().name("http-watch").unstarted(this::sweep);
  }

  static Watch start(Patience patience) {
    var watch = new Watch(patience.withFiles(files()));
    watch.sweeper.start();
    return watch;
  }

  /** How many files the process may have open; the virtual machine has raised it to the most. */
  private static long files() {
    try {
      for (String line : Files.readAllLines(LIMITS)) {
        if (line.startsWith(OPEN_FILES)) {
          String most = line.substring(OPEN_FILES.length()).strip().split(" ", 2)[0];
          return most.equals("unlimited") ? Integer.MAX_VALUE : Long.parseLong(most);
        }
      }
    } catch (IOException | NumberFormatException _) {
      // Not Linux: the bound below is safe everywhere.
    }
    return 4096;
  }

  /** The visit of a connection that was opened. */
  @Nullable Visit visit(Connection connection) {
    return visits.get(connection);
  }

  int connections() {
    return visits.size();
  }

  @Override
  public void onOpened(Connection connection) {
    if (!(connection instanceof ConnectionMetaData)) {
      return;
    }
    var visit = new Visit(connection, System.nanoTime());
    visits.put(connection, visit);
    order.add(visit);
    if (visits.size() > patience.connections()) {
      makeRoom();
    }
  }

  @Override
  public void onClosed(Connection connection) {
    visits.remove(connection);
  }

  /** Closes the oldest connection that no request is worked on for; where all are, the newest. */
  private void makeRoom() {
    for (int i = patience.connections(); i >= 0; i--) {
      Visit oldest = order.poll();
      if (oldest == null) {
        return;
      }
      if (!oldest.open()) {
        continue;
      }
      if (!oldest.serving()) {
        oldest.close();
        return;
      }
      order.add(oldest);
    }
  }

  private void sweep() {
    while (!closed) {
      LockSupport.parkNanos(SWEEP);
      long now = System.nanoTime();
      for (Visit visit : visits.values()) {
        if (visit.exhausts(patience, now)) {
          visit.close();
        }
      }
      order.removeIf(visit -> !visit.open());
    }
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(sweeper);
  }
}
