// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.state;

import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which agents listen now: at most one stream each. Thread-safe; known to this process alone, since
 * a stream ends with it.
 */
public final class Connections {
  /** What the local host's stream goes by. */
  public static final String LOCAL_HOST = "host/local";

  /** What an agent says of itself when it connects. */
  public record Peer(@Nullable String agentVersion, @Nullable String dockerVersion) {}

  /** An open stream's place; closing it frees the place. */
  public interface Lease extends AutoCloseable {
    @Override
    void close();
  }

  private final ConcurrentHashMap<String, Peer> open = new ConcurrentHashMap<>();

  /** Takes the place of a stream, or is empty where another stream has it. */
  public Optional<Lease> open(String name, Peer peer) {
    if (open.putIfAbsent(name, peer) != null) {
      return Optional.empty();
    }
    return Optional.of(() -> open.remove(name));
  }

  /** What the agent behind an open stream said of itself, or empty where none listens. */
  public Optional<Peer> peer(String name) {
    return Optional.ofNullable(open.get(name));
  }

  public boolean connected(String name) {
    return open.containsKey(name);
  }
}
