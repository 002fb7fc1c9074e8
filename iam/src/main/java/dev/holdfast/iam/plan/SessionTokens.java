// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.plan;

import dev.holdfast.iam.model.SessionFacts;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Hashes;
import dev.holdfast.kit.Ids;
import dev.holdfast.kit.Memo;
import dev.holdfast.service.Principal;
import dev.holdfast.service.Seal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Session tokens and the secrets that go with them. Both come from the session key, so that a
 * session needs no row: the secret is derived from the access key id (HKDF-Expand, RFC 5869), the
 * token seals the facts and is bound to the access key id.
 */
public final class SessionTokens {
  private static final int FORMAT = 1;
  private static final int SECRET_BYTES = 30;
  private static final int MOST_OPENED = 4096;

  private final Seal seal;
  private final byte[] secretKey;

  /** What tokens say, by their hash: a client sends the same one for hours. */
  private final Memo<String, SessionFacts> opened = new Memo<>(MOST_OPENED);

  /**
   * Tokens under one session key.
   *
   * @param sessionKey 32 random bytes
   */
  public SessionTokens(byte[] sessionKey, RandomGenerator random) {
    this.seal = new Seal(expand(sessionKey, "holdfast session token"), random);
    this.secretKey = expand(sessionKey, "holdfast session secret");
  }

  /** The secret access key of a session: 40 characters, as AWS's. */
  public String secret(String accessKeyId) {
    byte[] derived = expand(secretKey, accessKeyId);
    return Base64.getEncoder().encodeToString(Arrays.copyOf(derived, SECRET_BYTES));
  }

  public String token(String accessKeyId, SessionFacts facts) {
    return seal.seal(write(facts), accessKeyId);
  }

  /** The facts of a token that was made here for this key; else empty. */
  public Optional<SessionFacts> open(String accessKeyId, String token) {
    return opened.find(
        accessKeyId + '/' + Hashes.sha256Hex(token),
        _ -> seal.open(token, accessKeyId).flatMap(SessionTokens::read));
  }

  /** One block of HKDF-Expand; the key is uniformly random already. */
  private static byte[] expand(byte[] key, String info) {
    byte[] text = info.getBytes(StandardCharsets.UTF_8);
    byte[] message = Arrays.copyOf(text, text.length + 1);
    message[text.length] = 1;
    return Hashes.hmacSha256(key, message);
  }

  private static byte[] write(SessionFacts facts) {
    var bytes = new ByteArrayOutputStream();
    try (var out = new DataOutputStream(bytes)) {
      out.writeByte(FORMAT);
      out.write(HexFormat.of().parseHex(facts.id()));
      out.writeUTF(facts.owner().kind().name());
      out.writeLong(Long.parseLong(facts.owner().account().digits()));
      out.writeUTF(facts.owner().uniqueId());
      out.writeUTF(facts.owner().name());
      out.writeUTF(facts.name());
      out.writeLong(facts.issued().getEpochSecond());
      out.writeLong(facts.expires().getEpochSecond());
      out.writeLong(facts.mfaAt() == null ? 0 : facts.mfaAt().getEpochSecond());
      out.writeUTF(facts.sourceIdentity() == null ? "" : facts.sourceIdentity());
      out.writeBoolean(facts.chained());
      if (facts.document() != null) {
        out.write(HexFormat.of().parseHex(facts.document()));
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return bytes.toByteArray();
  }

  private static Optional<SessionFacts> read(byte[] bytes) {
    try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      if (in.readByte() != FORMAT) {
        return Optional.empty();
      }
      String id = HexFormat.of().formatHex(in.readNBytes(16));
      var kind = Principal.Kind.valueOf(in.readUTF());
      var account = new AccountId(Ids.padded(in.readLong(), 12));
      var owner = new SessionFacts.Owner(kind, account, in.readUTF(), in.readUTF());
      String name = in.readUTF();
      Instant issued = Instant.ofEpochSecond(in.readLong());
      Instant expires = Instant.ofEpochSecond(in.readLong());
      long mfa = in.readLong();
      String source = in.readUTF();
      boolean chained = in.readBoolean();
      byte[] hash = in.readNBytes(in.available());
      return Optional.of(
          new SessionFacts(
              id,
              owner,
              name,
              issued,
              expires,
              mfa == 0 ? null : Instant.ofEpochSecond(mfa),
              absentIfEmpty(source),
              hash.length == 0 ? null : HexFormat.of().formatHex(hash),
              chained));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static @Nullable String absentIfEmpty(String text) {
    return text.isEmpty() ? null : text;
  }
}
