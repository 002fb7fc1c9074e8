// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.endpoint;

import dev.holdfast.agent.engine.Containers;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.JsonValue.JsonString;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What the containers of one task use, each reading with the one before it, as the engine itself
 * gives it to who waits a second for it: clients compute from the two how busy a processor was.
 *
 * <p>The engine is asked for one reading at a time of each container, however many ask here, and no
 * connection to it is held in between.
 *
 * @see <a href="https://docs.docker.com/reference/api/engine/">Docker Engine API, container
 *     stats</a>
 */
final class TaskStats {
  private static final long APART = Duration.ofSeconds(1).toNanos();

  /** A reading that is older says nothing of now. */
  private static final long TOO_OLD = Duration.ofMinutes(1).toNanos();

  /** How long a caller waits while another one asks the engine. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Containers containers;
  private final LongSupplier nanos;
  private final Map<String, Reader> readers = new ConcurrentHashMap<>();

  TaskStats(Containers containers, LongSupplier nanos) {
    this.containers = containers;
    this.nanos = nanos;
  }

  /** One container's readings. One caller at a time asks the engine; the others wait a while. */
  private final class Reader {
    private final String id;
    private final ReentrantLock asking = new ReentrantLock();
    private @Nullable JsonObject last;
    private volatile @Nullable JsonObject shown;
    private long at;
    private OptionalLong failed = OptionalLong.empty();

    Reader(String id) {
      this.id = id;
    }

    /** The reading of now, or what was shown last where the engine does not answer in time. */
    JsonObject now() throws IOException {
      try {
        if (!asking.tryLock(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
          return Objects.requireNonNullElse(shown, JsonObject.EMPTY);
        }
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return JsonObject.EMPTY;
      }
      try {
        if (failed.isPresent() && nanos.getAsLong() - failed.getAsLong() < APART) {
          return JsonObject.EMPTY;
        }
        return fresh();
      } catch (IOException e) {
        failed = OptionalLong.of(nanos.getAsLong());
        throw e;
      } finally {
        asking.unlock();
      }
    }

    private JsonObject fresh() throws IOException {
      JsonObject told = shown;
      if (told != null && nanos.getAsLong() - at < APART) {
        return told;
      }
      JsonObject before = last;
      if (before == null || nanos.getAsLong() - at > TOO_OLD) {
        before = read();
        while (nanos.getAsLong() - at < APART) {
          LockSupport.parkNanos(APART - (nanos.getAsLong() - at));
        }
      }
      JsonObject pair =
          read()
              .with("precpu_stats", before.object("cpu_stats"))
              .with("preread", new JsonString(String.valueOf(before.string("read"))));
      shown = pair;
      return pair;
    }

    private JsonObject read() throws IOException {
      JsonObject reading = containers.stats(id);
      last = reading;
      at = nanos.getAsLong();
      return reading;
    }
  }

  /** A container's use, or an empty object where the engine does not tell. */
  JsonObject of(@Nullable String id) {
    if (id == null) {
      return JsonObject.EMPTY;
    }
    try {
      return readers.computeIfAbsent(id, Reader::new).now();
    } catch (IOException _) {
      return JsonObject.EMPTY;
    }
  }

  /** The use of several, by their ids; they are asked at the same time. */
  JsonObject of(List<String> ids) {
    var found = new ConcurrentHashMap<String, JsonObject>();
    var threads = new ArrayList<Thread>();
    for (String id : ids) {
      threads.add(Thread.ofVirtual().name("stats").start(() -> found.put(id, of(id))));
    }
    JsonObject all = JsonObject.EMPTY;
    try {
      for (int i = 0; i < ids.size(); i++) {
        threads.get(i).join();
        all = all.with(ids.get(i), found.getOrDefault(ids.get(i), JsonObject.EMPTY));
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    return all;
  }
}
