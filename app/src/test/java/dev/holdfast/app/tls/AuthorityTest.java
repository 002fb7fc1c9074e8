// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.service.State;
import dev.holdfast.store.Database;
import dev.holdfast.store.memory.MemoryStore;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class AuthorityTest {
  private final SecureRandom random = new SecureRandom();
  private final State state = new State(new Database(new MemoryStore()));
  private final Instant now = Instant.now();
  private final Authority authority = Authority.open(state, "here", random, now);

  private Authority.Identity server(String... names) {
    return authority.server(List.of(names), now);
  }

  private static X509Certificate[] chain(Authority.Identity identity) {
    return identity.chain().toArray(X509Certificate[]::new);
  }

  @Test
  void staysTheSame() {
    Authority again = Authority.open(state, "here", random, now.plusSeconds(1));
    assertThat(again.certificate()).isEqualTo(authority.certificate());
    assertThat(authority.certificate().getBasicConstraints()).isZero();
  }

  @Test
  void vouchesForNamesAndAddresses() throws Exception {
    X509Certificate leaf = server("192.0.2.1", "a.example", "2001:db8::1").chain().getFirst();
    assertThat(leaf.getSubjectAlternativeNames())
        .contains(List.of(7, "192.0.2.1"), List.of(2, "a.example"));
    assertThat(leaf.getSubjectAlternativeNames()).hasSize(3);
    assertThat(Duration.between(now, leaf.getNotAfter().toInstant()))
        .isBetween(Authority.SERVER.minusSeconds(1), Authority.SERVER);
  }

  @Test
  void aServersCertificateIsNoClients() throws Exception {
    var trust = OneAuthority.of(authority.certificate());
    trust.checkServerTrusted(chain(server("a.example")), "ECDHE_ECDSA");
    assertThatThrownBy(() -> trust.checkClientTrusted(chain(server("a.example")), "EC"))
        .isInstanceOf(CertificateException.class);
    KeyPair pair = HostKey.make(random);
    X509Certificate[] host = {authority.host(pair.getPublic(), "0".repeat(32), now)};
    trust.checkClientTrusted(host, "EC");
    assertThatThrownBy(() -> trust.checkServerTrusted(host, "ECDHE_ECDSA"))
        .isInstanceOf(CertificateException.class);
  }

  @Test
  void noLeafVouchesForAnother() throws Exception {
    var trust = OneAuthority.of(authority.certificate());
    Authority.Identity server = server("a.example");
    KeyPair pair = HostKey.make(random);
    var signer = new X509.Signer(server.chain().getFirst(), server.pair().getPrivate());
    var term = new X509.Term(now.minusSeconds(1), now.plusSeconds(60));
    X509Certificate[] forged = {
      X509.client(signer, pair.getPublic(), "0".repeat(32), term, random), server.chain().getFirst()
    };
    assertThatThrownBy(() -> trust.checkClientTrusted(forged, "EC"))
        .isInstanceOf(CertificateException.class);
  }

  @Test
  void takesRequestsOfItsOwnKindAlone() throws Exception {
    KeyPair pair = HostKey.make(random);
    byte[] request = Base64.getDecoder().decode(HostKey.request(pair));
    assertThat(Authority.requested(request)).isEqualTo(pair.getPublic());
    byte[] altered = request.clone();
    altered[altered.length - 1] ^= 1;
    byte[] otherCurve = X509Requests.of("secp384r1");
    for (byte[] wrong :
        List.of(altered, otherCurve, new byte[0], new byte[] {0x30}, new byte[100_000])) {
      assertThatThrownBy(() -> Authority.requested(wrong))
          .isInstanceOf(GeneralSecurityException.class);
    }
  }

  /** Requests that no host of ours makes. */
  private static final class X509Requests {
    static byte[] of(String curve) throws GeneralSecurityException {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(curve));
      return X509.request(generator.generateKeyPair());
    }
  }

  @Test
  void isReplacedInTimeAndWhereNamesChange() {
    var identity = new ServerIdentity(authority, List.of("a.example"), now);
    X509Certificate first = identity.certificate();
    assertThat(identity.renew(List.of("a.example"), now.plus(Duration.ofDays(59)))).isFalse();
    assertThat(identity.renew(List.of("a.example"), now.plus(Duration.ofDays(61)))).isTrue();
    X509Certificate second = identity.certificate();
    assertThat(second).isNotEqualTo(first);
    assertThat(identity.renew(List.of("b.example"), now.plus(Duration.ofDays(61)))).isTrue();
    assertThat(identity.renew(List.of("b.example"), now)).isTrue(); // the clock went back
    String alias = alias(identity);
    assertThat(identity.getCertificateChain(alias)[0]).isEqualTo(identity.certificate());
    assertThat(identity.chooseEngineServerAlias("RSA", null, null)).isNull();
  }

  private static String alias(ServerIdentity identity) {
    return Objects.requireNonNull(identity.chooseEngineServerAlias("EC", null, null));
  }

  @Test
  void aHandshakeKeepsTheKeyThatItBeganWith() {
    var identity = new ServerIdentity(authority, List.of("a.example"), now);
    String alias = alias(identity);
    X509Certificate shown = identity.getCertificateChain(alias)[0];
    identity.renew(List.of("b.example"), now);
    assertThat(identity.getCertificateChain(alias)[0]).isEqualTo(shown);
  }

  @Test
  void fingerprintsAreWrittenWithOrWithoutColons() {
    String print = Pem.fingerprint(authority.certificate());
    assertThat(new PinnedTrust(print.toUpperCase(Locale.ROOT).replaceAll("(..)(?=.)", "$1:")))
        .isNotNull();
    assertThatThrownBy(() -> new PinnedTrust(print.substring(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void keysComeBackFromTheirText() throws Exception {
    KeyPair pair = HostKey.make(random);
    assertThat(Pem.key(Pem.of(pair.getPrivate()))).isEqualTo(pair.getPrivate());
    assertThat(Pem.certificate(Pem.of(authority.certificate()))).isEqualTo(authority.certificate());
  }
}
