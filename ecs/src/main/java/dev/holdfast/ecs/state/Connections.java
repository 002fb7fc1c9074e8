// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.state;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
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

  /** A stream that is open, and since when. */
  private record Open(Peer peer, long sinceNanos) {}

  private final ConcurrentHashMap<String, Open> open = new ConcurrentHashMap<>();

  /**
   * When an agent was heard last whose stream ended because it was silent; no more than so many.
   */
  private final ConcurrentHashMap<String, Long> silent = new ConcurrentHashMap<>();

  private static final int MOST_SILENT = 100_000;
  private final Set<String> awaited = ConcurrentHashMap.newKeySet();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition freed = lock.newCondition();
  private volatile Consumer<String> changed = _ -> {};

  /** Names who is told which stream has opened or ended; not for long, and by one at most. */
  public void onChange(Consumer<String> listener) {
    changed = listener;
  }

  /**
   * When streams of the platform's own hosts ended; of others the instances' rows would be many.
   */
  private final ConcurrentHashMap<String, Long> ended = new ConcurrentHashMap<>();

  private final LongSupplier nanos;
  private final long began;

  public Connections() {
    this(System::nanoTime);
  }

  /**
   * Nobody listens yet.
   *
   * @param nanos monotonic, as {@link System#nanoTime}
   */
  public Connections(LongSupplier nanos) {
    this.nanos = nanos;
    this.began = nanos.getAsLong();
  }

  /** Takes the place of a stream, or is empty where another stream has it. */
  public Optional<Lease> open(String name, Peer peer) {
    if (open.putIfAbsent(name, new Open(peer, nanos.getAsLong())) != null) {
      return Optional.empty();
    }
    silent.remove(name);
    changed.accept(name);
    return Optional.of(() -> free(name));
  }

  /**
   * Remembers of a stream that ends because its agent is silent when that was heard last.
   *
   * @param heard in nanoseconds of the monotonic clock
   */
  public void silent(String name, long heard) {
    if (silent.size() < MOST_SILENT) {
      silent.put(name, heard);
    }
  }

  /**
   * Since when nobody has heard of an agent, in nanoseconds of the monotonic clock, where its last
   * stream ended because of that; empty where the stream was closed, or never there.
   */
  public OptionalLong silentSince(String name) {
    Long heard = silent.get(name);
    return heard == null ? OptionalLong.empty() : OptionalLong.of(heard);
  }

  private void free(String name) {
    open.remove(name);
    if (name.startsWith(HOSTS)) {
      ended.put(name, nanos.getAsLong());
    }
    lock.lock();
    try {
      freed.signalAll();
    } finally {
      lock.unlock();
    }
    changed.accept(name);
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
    return Optional.ofNullable(open.get(name)).map(Open::peer);
  }

  /** For how long the stream of one of the platform's own hosts has not been open. */
  public Duration silence(String name) {
    return connected(name)
        ? Duration.ZERO
        : Duration.ofNanos(nanos.getAsLong() - ended.getOrDefault(name, began));
  }

  /** Since when a stream is open, in nanoseconds of the monotonic clock; empty where none is. */
  public OptionalLong openSince(String name) {
    Open stream = open.get(name);
    return stream == null ? OptionalLong.empty() : OptionalLong.of(stream.sinceNanos());
  }

  public boolean connected(String name) {
    return open.containsKey(name);
  }
}
