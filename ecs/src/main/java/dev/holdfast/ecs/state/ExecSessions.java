// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.state;

import dev.holdfast.kit.Hashes;
import dev.holdfast.kit.Ids;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongSupplier;

/**
 * The sessions of {@code ExecuteCommand}: bounded in number, for one client each, opened by a token
 * that is good once and for a minute. They end with this process. Thread-safe.
 */
public final class ExecSessions {
  /** How long a client may take to come with its token. */
  private static final Duration TO_CLAIM = Duration.ofMinutes(1);

  private static final int MOST = 256;
  private static final int MOST_OF_ACCOUNT = 64;
  private static final int MOST_OF_TASK = 16;

  private final Map<String, ExecSession> sessions = new ConcurrentHashMap<>();
  private final Map<String, Queue<ExecSession>> due = new ConcurrentHashMap<>();
  private final SecureRandom random;
  private final LongSupplier nanos;

  /**
   * No sessions yet.
   *
   * @param nanos monotonic, as {@link System#nanoTime}
   */
  public ExecSessions(SecureRandom random, LongSupplier nanos) {
    this.random = random;
    this.nanos = nanos;
  }

  /**
   * A fresh session.
   *
   * @param token shown to its opener and kept nowhere
   */
  public record Opened(ExecSession session, String token) {
    @Override
    public String toString() {
      return "Opened[***]";
    }
  }

  /** Opens a session, or is empty where there are too many. */
  public synchronized Optional<Opened> open(ExecSession.Asked asked) {
    sessions.values().removeIf(s -> s.isOver() || (!s.claimed() && tooLate(s)));
    long ofTask =
        sessions.values().stream().filter(s -> s.asked().task().equals(asked.task())).count();
    // An account that opens and never comes must leave room for others.
    long ofAccount =
        sessions.values().stream()
            .filter(s -> s.asked().task().account().equals(asked.task().account()))
            .count();
    if (sessions.size() >= MOST || ofAccount >= MOST_OF_ACCOUNT || ofTask >= MOST_OF_TASK) {
      return Optional.empty();
    }
    String id = "ecs-execute-command-" + Ids.hex(random, 10);
    String token = Ids.hex(random, 32);
    var session = new ExecSession(id, hash(token), asked, nanos);
    sessions.put(id, session);
    return Optional.of(new Opened(session, token));
  }

  /**
   * Takes the client's place in a session; from then on its host is told.
   *
   * @return empty where there is no such session, the token is another, came too late or twice
   */
  public Optional<ExecSession> claim(
      String id, String token, boolean terminal, ExecSession.End end) {
    ExecSession session = sessions.get(id);
    if (session == null
        || session.isOver()
        || tooLate(session)
        || !MessageDigest.isEqual(session.tokenHash(), hash(token))
        || !session.claim(end, terminal)) {
      return Optional.empty();
    }
    due.computeIfAbsent(session.asked().host(), _ -> new ConcurrentLinkedQueue<>()).add(session);
    return Optional.of(session);
  }

  /** The sessions that a host was not told of yet; each comes once. */
  public List<ExecSession> due(String host) {
    Queue<ExecSession> waiting = due.get(host);
    var told = new ArrayList<ExecSession>();
    if (waiting != null) {
      for (ExecSession next = waiting.poll(); next != null; next = waiting.poll()) {
        if (!next.isOver()) {
          told.add(next);
        }
      }
    }
    return told;
  }

  /** The session that a host comes for; only one whose client is there. */
  public Optional<ExecSession> of(String id, String host) {
    return Optional.ofNullable(sessions.get(id))
        .filter(s -> s.claimed() && !s.isOver() && s.asked().host().equals(host));
  }

  /** Ends a session and forgets it. */
  public void end(ExecSession session) {
    session.end();
    sessions.remove(session.id());
  }

  private static boolean tooLate(ExecSession session) {
    return session.age().compareTo(TO_CLAIM) > 0;
  }

  private static byte[] hash(String token) {
    return Hashes.sha256(token.getBytes(StandardCharsets.UTF_8));
  }
}
