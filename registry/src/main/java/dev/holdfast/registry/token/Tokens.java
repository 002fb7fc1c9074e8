// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.token;

import dev.holdfast.kit.Hashes;
import dev.holdfast.kit.Memo;
import dev.holdfast.kit.RecordCodec;
import dev.holdfast.kit.Region;
import dev.holdfast.service.Call;
import dev.holdfast.service.Principal;
import dev.holdfast.service.Seal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

/**
 * The password of {@code docker login}: a sealed note of who asked for it, good for {@code /v2/}
 * alone. It is no credential of its own: each request asks anew whether that principal still
 * stands, so that a deleted key or a revoked session ends at once.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry_auth.html">Registry
 *     authentication</a>
 */
public final class Tokens {
  /** How long a token is good, at most. */
  public static final Duration LONGEST = Duration.ofHours(12);

  private static final int MOST_OPENED = 1024;
  private static final String USER = "AWS:";
  private static final String SCHEME = "Basic ";
  private static final String CONTEXT = "registry";

  /** A token from further ahead was issued while the clock was wrong, and would never end. */
  private static final Duration AHEAD = Duration.ofDays(1);

  /**
   * What is sealed.
   *
   * @param apart whether the session's own tags are told apart from those of its user or role;
   *     false of what an earlier version sealed, which did not
   */
  private record Note(Principal principal, Region region, Instant expires, boolean apart) {

    /** Tags that nobody told apart all stay: the session's own must not be lost. */
    Principal remembered() {
      Principal.Session session = principal.session();
      return apart || session == null
          ? principal
          : new Principal(
              principal.identity(),
              principal.accessKeyId(),
              principal.tags(),
              session.tagged(principal.tags()));
    }
  }

  private static final RecordCodec<Note> NOTES = RecordCodec.of(Note.class);

  private final Seal seal;
  private final Principals principals;

  /** What tokens say, by their hash: a client sends the same one with each piece of an image. */
  private final Memo<String, Note> opened = new Memo<>(MOST_OPENED);

  public Tokens(Seal seal, Principals principals) {
    this.seal = seal;
    this.principals = principals;
  }

  /** A token, and when it ends. */
  public record Token(String text, Instant expires) {
    @Override
    public String toString() {
      return "Token[***, " + expires + "]";
    }
  }

  /** Who holds a token, today, and the region it was asked for in. */
  public record Holder(Principal principal, Region region) {}

  /** A token for the caller, as {@code GetAuthorizationToken} gives it. */
  public Token issue(Call call) {
    Instant expires = call.now().plus(LONGEST);
    Principal.Session session = call.principal().session();
    if (session != null && session.expires().isBefore(expires)) {
      expires = session.expires();
    }
    byte[] note = NOTES.bytes(new Note(call.principal(), call.region(), expires, true));
    String password = USER + seal.seal(note, CONTEXT);
    return new Token(
        Base64.getEncoder().encodeToString(password.getBytes(StandardCharsets.UTF_8)), expires);
  }

  /** Who an {@code Authorization} header stands for; empty for anything that is not good now. */
  public Optional<Holder> holder(String authorization, Instant now) {
    return note(authorization)
        .filter(note -> now.isBefore(note.expires()))
        .filter(note -> note.expires().isBefore(now.plus(LONGEST).plus(AHEAD)))
        .flatMap(
            note ->
                principals
                    .current(note.remembered(), now)
                    .map(principal -> new Holder(principal, note.region())));
  }

  private Optional<Note> note(String authorization) {
    return opened.find(Hashes.sha256Hex(authorization), _ -> open(authorization));
  }

  private Optional<Note> open(String authorization) {
    if (!authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return Optional.empty();
    }
    String password;
    try {
      byte[] plain = Base64.getDecoder().decode(authorization.substring(SCHEME.length()).strip());
      password = new String(plain, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
    return password.startsWith(USER)
        ? seal.open(password.substring(USER.length()), CONTEXT).map(NOTES::read)
        : Optional.empty();
  }
}
