// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.join;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.app.tls.Authority;
import dev.holdfast.app.tls.HostKey;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.service.State;
import dev.holdfast.store.Database;
import dev.holdfast.store.memory.MemoryStore;
import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MembershipTest {
  private static final String HOST = "0123456789abcdef0123456789abcdef";

  @TempDir Path folder;

  private final SecureRandom random = new SecureRandom();
  private final Authority authority =
      Authority.open(new State(new Database(new MemoryStore())), "one", random, Instant.now());
  private final KeyPair first = HostKey.make(random);
  private final KeyPair second = HostKey.make(random);

  @SuppressWarnings("NullAway.Init")
  MembershipTest() {}

  private Membership of(KeyPair pair) {
    return new Membership(
        "192.0.2.1:4567",
        JsonObject.EMPTY.with("host", HOST),
        authority.certificate(),
        pair.getPrivate(),
        authority.host(pair.getPublic(), HOST, Instant.now()));
  }

  private Membership read() throws IOException {
    return Membership.read(folder).orElseThrow();
  }

  @Test
  void anotherKeyIsTakenWithItsCertificateWhereverThePowerGoes() throws Exception {
    Membership.writeKey(folder, first);
    of(first).write(folder);
    assertThat(read().key()).isEqualTo(first.getPrivate());
    Membership.writeNextKey(folder, second);
    assertThat(read().key()).as("no answer yet").isEqualTo(first.getPrivate());
    of(second).write(folder);
    assertThat(read().key()).as("the certificate has come").isEqualTo(second.getPrivate());
    Membership.writeKey(folder, second);
    assertThat(read().key()).as("all is written").isEqualTo(second.getPrivate());
    Membership.writeNextKey(folder, first);
    assertThat(read().key()).as("the next one is asked for").isEqualTo(second.getPrivate());
  }

  @Test
  void noTextShowsTheKey() {
    assertThat(of(first)).hasToString("Membership[192.0.2.1:4567, null]");
  }
}
