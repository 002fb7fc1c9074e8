// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ssm.model;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.Region;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A machine that registered itself with an activation.
 *
 * @param id {@code mi-} and 17 hexadecimal digits
 * @param name what the activation calls its machines, or null
 * @param proof by what it is known
 * @param sessions those that it got and that may not have ended
 * @param ping what it told of itself last, or null
 */
public record ManagedInstance(
    String id,
    AccountId account,
    Region region,
    String activation,
    @Nullable String name,
    Activation.MachineRole role,
    Proof proof,
    Instant registered,
    List<Opened> sessions,
    @Nullable Ping ping) {
  /** How long credentials of a machine's role hold. */
  public static final Duration SESSION = Duration.ofHours(1);

  /** The most sessions of one machine that live at once; the oldest gives way. */
  private static final int MOST_SESSIONS = 32;

  public ManagedInstance {
    sessions = List.copyOf(sessions);
  }

  /**
   * By what a machine is known.
   *
   * @param publicKey an RSA key in base64 of its DER form; the private one never left the machine
   * @param fingerprint what the machine's agent made of its hardware
   */
  public record Proof(String publicKey, String fingerprint) {}

  /** A session of the machine. */
  public record Opened(String id, Instant expires) {}

  /**
   * What a machine's agent told.
   *
   * @param at when
   */
  public record Ping(Instant at, Agent agent, Platform platform) {}

  /** The agent and the machine's names. */
  public record Agent(String version, @Nullable String computerName, @Nullable String address) {}

  /** The operating system. */
  public record Platform(@Nullable String type, @Nullable String name, @Nullable String version) {}

  public Arn arn() {
    return arn(account, region, id);
  }

  public static Arn arn(AccountId account, Region region, String id) {
    return Arn.of("ssm", region, account, "managed-instance/" + id);
  }

  private ManagedInstance with(
      Activation.MachineRole as, Proof known, List<Opened> open, @Nullable Ping said) {
    return new ManagedInstance(
        id, account, region, activation, name, as, known, registered, open, said);
  }

  public ManagedInstance as(Activation.MachineRole other) {
    return with(other, proof, sessions, ping);
  }

  public ManagedInstance knownBy(String publicKey) {
    return with(role, new Proof(publicKey, proof.fingerprint()), sessions, ping);
  }

  public ManagedInstance told(Ping now) {
    return with(role, proof, sessions, now);
  }

  /** With one session more; those that are over are forgotten. */
  public ManagedInstance opened(Opened session, Instant now) {
    var open = new ArrayList<Opened>();
    sessions.stream().filter(s -> now.isBefore(s.expires())).forEach(open::add);
    open.add(session);
    return with(
        role, proof, open.subList(Math.max(0, open.size() - MOST_SESSIONS), open.size()), ping);
  }

  /** Whether a session is one that the machine got. */
  public boolean opened(String session) {
    return sessions.stream().anyMatch(s -> s.id().equals(session));
  }

  /** The live sessions for which one more leaves no room. */
  public List<String> displaced(Instant now) {
    List<Opened> live = sessions.stream().filter(s -> now.isBefore(s.expires())).toList();
    return live.stream()
        .limit(Math.max(0, live.size() + 1 - MOST_SESSIONS))
        .map(Opened::id)
        .toList();
  }

  /** When the machine was last heard of. */
  public Instant heard() {
    Instant latest = ping == null ? registered : ping.at();
    for (Opened session : sessions) {
      Instant opened = session.expires().minus(SESSION);
      latest = opened.isAfter(latest) ? opened : latest;
    }
    return latest;
  }
}
