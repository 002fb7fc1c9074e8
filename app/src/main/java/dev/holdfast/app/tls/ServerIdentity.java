// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * What the platform shows to those who connect: a key that lives in memory alone, with a
 * certificate that is replaced long before it ends. Connections that are open keep what they saw.
 */
final class ServerIdentity extends X509ExtendedKeyManager {
  /** A certificate is replaced when it is this old. */
  private static final Duration AGE = Duration.ofDays(60);

  private final Authority authority;
  private final AtomicReference<Known> known;

  /** The present identity, and the one before, which a handshake may be in the middle of. */
  private record Known(List<String> names, Authority.Identity now, Authority.Identity before) {}

  ServerIdentity(Authority authority, List<String> names, Instant now) {
    this.authority = authority;
    Authority.Identity first = authority.server(names, now);
    this.known = new AtomicReference<>(new Known(names, first, first));
  }

  /** Takes another certificate where this one is old, the clock went back, or the names changed. */
  boolean renew(List<String> names, Instant now) {
    Known old = known.get();
    Instant from = old.now().from();
    boolean fresh = !from.isAfter(now) && from.plus(AGE).isAfter(now);
    if (fresh && old.names().equals(names)) {
      return false;
    }
    known.set(new Known(List.copyOf(names), authority.server(names, now), old.now()));
    return true;
  }

  X509Certificate certificate() {
    return known.get().now().chain().getFirst();
  }

  private static String alias(Authority.Identity identity) {
    return identity.chain().getFirst().getSerialNumber().toString(16);
  }

  private @Nullable String choose(String keyType) {
    return keyType.startsWith("EC") ? alias(known.get().now()) : null;
  }

  private Authority.Identity of(String alias) {
    Known both = known.get();
    return alias(both.before()).equals(alias) ? both.before() : both.now();
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    String alias = choose(keyType);
    return alias == null ? null : new String[] {alias};
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return choose(keyType);
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return choose(keyType);
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return of(alias).chain().toArray(X509Certificate[]::new);
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    return of(alias).pair().getPrivate();
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return null;
  }
}
