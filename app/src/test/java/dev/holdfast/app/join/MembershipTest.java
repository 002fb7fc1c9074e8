// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.join;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.app.tls.Authority;
import dev.holdfast.app.tls.HostKey;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.disk.Disk;
import dev.holdfast.service.State;
import dev.holdfast.store.Database;
import dev.holdfast.store.memory.MemoryStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MembershipTest {
  private static final Disk DISK = Disk.local();
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
    return Membership.read(folder, DISK).orElseThrow();
  }

  @Test
  void anotherKeyIsTakenWithItsCertificateWhereverThePowerGoes() throws Exception {
    Membership.writeKey(folder, first.getPrivate(), DISK);
    of(first).write(folder, DISK);
    assertThat(read().key()).isEqualTo(first.getPrivate());
    of(first).awaits(folder, second, DISK);
    assertThat(read().key()).as("no answer yet").isEqualTo(first.getPrivate());
    of(second).write(folder, DISK);
    assertThat(read().key()).as("the certificate has come").isEqualTo(second.getPrivate());
    Membership.writeKey(folder, second.getPrivate(), DISK);
    assertThat(read().key()).as("all is written").isEqualTo(second.getPrivate());
    of(second).awaits(folder, first, DISK);
    assertThat(read().key()).as("the next one is asked for").isEqualTo(second.getPrivate());
  }

  @Test
  void aRenewalAfterOneThatWasCutOffLeavesTheKeyOfTheCertificate() throws Exception {
    cutOff();
    read().awaits(folder, HostKey.make(random), DISK);
    assertThat(read().key()).as("no answer yet").isEqualTo(second.getPrivate());
    read().awaits(folder, HostKey.make(random), DISK);
    assertThat(read().key()).as("still none").isEqualTo(second.getPrivate());
    KeyPair fourth = HostKey.make(random);
    read().awaits(folder, fourth, DISK);
    of(fourth).write(folder, DISK);
    assertThat(read().key()).as("the certificate has come").isEqualTo(fourth.getPrivate());
  }

  @Test
  void aRenewalWhoseCertificateWasWrittenButNotTakenBeginsAnew() throws Exception {
    cutOff();
    of(first).awaits(folder, HostKey.make(random), DISK);
    assertThat(read().key()).isEqualTo(first.getPrivate());
    assertThat(read().certificate().getPublicKey()).isEqualTo(first.getPublic());
  }

  /** The second certificate has come; its key is where it waited for it. */
  private void cutOff() throws IOException {
    Membership.writeKey(folder, first.getPrivate(), DISK);
    of(first).write(folder, DISK);
    of(first).awaits(folder, second, DISK);
    of(second).write(folder, DISK);
  }

  @Test
  void wordsAndCertificateThatChangeAtOnceAreBothKept() throws Exception {
    Membership.writeKey(folder, first.getPrivate(), DISK);
    var kept = new KeptMembership(folder, DISK, of(first));
    var failed = new AtomicReference<Throwable>();
    Thread words =
        Thread.ofVirtual()
            .uncaughtExceptionHandler((_, e) -> failed.set(e))
            .start(
                () -> {
                  for (int i = 0; i <= 50; i++) {
                    try {
                      kept.told(JsonObject.EMPTY.with("name", "n" + i));
                    } catch (IOException e) {
                      throw new UncheckedIOException(e);
                    }
                  }
                });
    kept.awaits(second);
    kept.renewed(JsonObject.EMPTY.with("name", "renewed"), second, of(second).certificate());
    words.join();
    assertThat(failed.get()).isNull();
    for (Membership now : List.of(kept.get(), read())) {
      assertThat(now.key()).isEqualTo(second.getPrivate());
      assertThat(now.certificate()).isEqualTo(kept.get().certificate());
      assertThat(now.certificate().getPublicKey()).isEqualTo(second.getPublic());
      assertThat(now.say("name")).as("what was told last").isEqualTo(kept.get().say("name"));
      assertThat(now.say("name")).isIn("n50", "renewed");
    }
  }

  @Test
  void aMembershipThatIsDamagedSaysWhatToTypeOnBothMachines() throws Exception {
    Membership.writeKey(folder, first.getPrivate(), DISK);
    of(first).write(folder, DISK);
    for (String name : List.of("membership.json", "host.key")) {
      Path file = folder.resolve(name);
      byte[] whole = Files.readAllBytes(file);
      for (int at = 0; at < whole.length; at += 3) {
        byte[] hurt = whole.clone();
        hurt[at] ^= (byte) (1 << (at % 8));
        Files.write(file, hurt);
        refusedOrTheSame(name + " byte " + at);
        Files.write(file, Arrays.copyOf(whole, at));
        refusedOrTheSame(name + " cut to " + at);
      }
      Files.writeString(file, "not what was here");
      refused(name + " of another");
      Files.write(file, whole);
    }
    Files.delete(folder.resolve("host.key"));
    refused("no key");
    Files.delete(folder.resolve("membership.json"));
    assertThat(Membership.read(folder, DISK)).as("it never joined").isEmpty();
  }

  /**
   * What is not refused is what was written. A key that still is its certificate's has no other
   * meaning, whatever its file says beside it.
   */
  private void refusedOrTheSame(String what) {
    try {
      Membership read = read();
      assertThat(read.told()).as(what).isEqualTo(of(first).told());
      assertThat(read.platform()).as(what).isEqualTo(of(first).platform());
      assertThat(read.authority()).as(what).isEqualTo(authority.certificate());
    } catch (IOException e) {
      refused(what);
    }
  }

  private void refused(String what) {
    assertThat(JoinedMachine.damage(folder))
        .as(what)
        .hasValueSatisfying(
            text ->
                assertThat(text)
                    .contains(folder.toString())
                    .contains("./holdfast host remove NAME and ./holdfast host invite --name NAME")
                    .contains("mv " + folder + " " + folder + ".damaged"));
  }

  @Test
  void theAuthoritysCertificateIsWrittenAgainWhereItsFileIsDamaged() throws Exception {
    Membership.writeKey(folder, first.getPrivate(), DISK);
    of(first).write(folder, DISK);
    Path file = Membership.authorityFile(folder);
    String whole = Files.readString(file);
    Files.writeString(file, "not what was here");
    read().heal(folder, DISK);
    assertThat(file).hasContent(whole);
    Files.delete(file);
    read().heal(folder, DISK);
    assertThat(file).hasContent(whole);
  }

  @Test
  void noTextShowsTheKey() {
    assertThat(of(first)).hasToString("Membership[192.0.2.1:4567, null]");
  }
}
