// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.state;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Which agents listen now: at most one stream each. Thread-safe; known to this process alone, since
 * a stream ends with it.
 */
public final class Connections {
  /** What the local host's stream goes by. */
  public static final String LOCAL_HOST = "host/local";

  private static final String HOSTS = "host/";

  /** What the stream of one of the platform's own hosts goes by. */
  public static String host(String id) {
    return HOSTS + id;
  }

  /**
   * What an agent says of itself when it connects.
   *
   * @param grants what its host's owner allows, in the words of {@code HostGrants}
   */
  public record Peer(
      @Nullable String agentVersion, @Nullable String dockerVersion, Set<String> grants) {
    /** One that allows nothing beyond what every host does. */
    public Peer(@Nullable String agentVersion, @Nullable String dockerVersion) {
      this(agentVersion, dockerVersion, Set.of());
    }
  }

  /** An open stream's place; closing it frees the place. */
  public interface Lease extends AutoCloseable {
    @Override
    void close();
  }

  private final ConcurrentHashMap<String, Peer> open = new ConcurrentHashMap<>();
  private final Set<String> awaited = ConcurrentHashMap.newKeySet();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition freed = lock.newCondition();

  /** When streams of the platform's own hosts ended; of others the instances' rows would be many. */
  private final ConcurrentHashMap<String, Long> ended = new ConcurrentHashMap<>();

  private final long began = System.nanoTime();

  /** Takes the place of a stream, or is empty where another stream has it. */
  public Optional<Lease> open(String name, Peer peer) {
    if (open.putIfAbsent(name, peer) != null) {
      return Optional.empty();
    }
    return Optional.of(() -> free(name));
  }

  private void free(String name) {
    open.remove(name);
    if (name.startsWith(HOSTS)) {
      ended.put(name, System.nanoTime());
    }
    lock.lock();
    try {
      freed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Whether a place is free, or becomes so within a moment: an agent that comes back is often
   * faster than the end of the stream that it left. Only one waits for a place; others hear at once
   * that it is taken.
   */
  public boolean awaitFree(String name, Duration moment) {
    if (!connected(name)) {
      return true;
    }
    if (!awaited.add(name)) {
      return false;
    }
    long left = moment.toNanos();
    lock.lock();
    try {
      while (connected(name) && left > 0) {
        left = freed.awaitNanos(left);
      }
      return !connected(name);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
      awaited.remove(name);
    }
  }

  /** What the agent behind an open stream said of itself, or empty where none listens. */
  public Optional<Peer> peer(String name) {
    return Optional.ofNullable(open.get(name));
  }

  /** For how long the stream of one of the platform's own hosts has not been open. */
  public Duration silence(String name) {
    return connected(name)
        ? Duration.ZERO
        : Duration.ofNanos(System.nanoTime() - ended.getOrDefault(name, began));
  }

  public boolean connected(String name) {
    return open.containsKey(name);
  }
}
