// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.tls;

import dev.holdfast.service.State;
import dev.holdfast.store.Table;
import dev.holdfast.store.space.Urgency;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;

/**
 * The installation's own certificate authority: made at the first start, kept for its life, and
 * nobody's but this installation's. It vouches for the platform to those who were told its
 * fingerprint, and for hosts to the platform.
 */
public final class Authority {
  private static final String ROW = "this";
  private static final Duration LIFE = Duration.ofDays(3650);

  /** How long a server's certificate holds; renewed long before. */
  static final Duration SERVER = Duration.ofDays(90);

  /** How long a host's certificate holds; the host renews it at half of that. */
  public static final Duration HOST = Duration.ofDays(14);

  /** Clocks of others may be behind by this. */
  private static final Duration BEHIND = Duration.ofMinutes(10);

  private final X509.Signer signer;
  private final SecureRandom random;

  private Authority(X509.Signer signer, SecureRandom random) {
    this.signer = signer;
    this.random = random;
  }

  /** A key and what vouches for it, the authority last. */
  record Identity(KeyPair pair, List<X509Certificate> chain, Instant from) {
    Identity {
      chain = List.copyOf(chain);
    }

    @Override
    public String toString() {
      return "Identity[***]";
    }
  }

  /**
   * The authority of an installation, made where there is none.
   *
   * @param installation its id
   */
  public static Authority open(State state, String installation, SecureRandom random, Instant now) {
    AuthorityKey known = state.read(view -> view.get(AuthorityKey.TABLE, Table.PLATFORM, ROW));
    AuthorityKey row = known == null ? make(state, installation, random, now) : known;
    try {
      return new Authority(
          new X509.Signer(
              Pem.certificate(Base64.getDecoder().decode(row.certificate())),
              Pem.key(Base64.getDecoder().decode(row.privateKey()))),
          random);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the key of the certificate authority is damaged", e);
    }
  }

  private static AuthorityKey make(
      State state, String installation, SecureRandom random, Instant now) {
    KeyPair pair = X509.pair(random);
    X509Certificate certificate =
        X509.authority(
            pair,
            "Holdfast " + installation,
            new X509.Term(now.minus(BEHIND), now.plus(LIFE)),
            random);
    var fresh =
        new AuthorityKey(
            Base64.getEncoder().encodeToString(pair.getPrivate().getEncoded()),
            Base64.getEncoder().encodeToString(Pem.der(certificate)));
    return state.own(
        Urgency.VITAL,
        tx -> {
          AuthorityKey known = tx.get(AuthorityKey.TABLE, Table.PLATFORM, ROW);
          if (known == null) {
            tx.put(AuthorityKey.TABLE, Table.PLATFORM, ROW, fresh);
            return fresh;
          }
          return known;
        });
  }

  public X509Certificate certificate() {
    return signer.certificate();
  }

  /** A fresh key for a server that goes by these names. */
  Identity server(List<String> names, Instant now) {
    KeyPair pair = X509.pair(random);
    X509Certificate leaf =
        X509.server(
            signer,
            pair.getPublic(),
            names,
            new X509.Term(now.minus(BEHIND), now.plus(SERVER)),
            random);
    return new Identity(pair, List.of(leaf, signer.certificate()), now);
  }

  /**
   * The key that a request for a certificate is for.
   *
   * @param der PKCS #10
   * @throws GeneralSecurityException where it is none, or not of whoever has the key
   */
  public static PublicKey requested(byte[] der) throws GeneralSecurityException {
    return X509.requested(der);
  }

  /** A certificate by which a host is known. */
  public X509Certificate host(PublicKey key, String id, Instant now) {
    return X509.client(signer, key, id, new X509.Term(now.minus(BEHIND), now.plus(HOST)), random);
  }
}
