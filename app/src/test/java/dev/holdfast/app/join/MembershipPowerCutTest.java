// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.join;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.app.tls.Authority;
import dev.holdfast.app.tls.HostKey;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.disk.Disk;
import dev.holdfast.kit.disk.PowerCut;
import dev.holdfast.kit.disk.RecordingDisk;
import dev.holdfast.kit.disk.Tape;
import dev.holdfast.service.State;
import dev.holdfast.store.Database;
import dev.holdfast.store.memory.MemoryStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.Signature;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Whenever the power goes, a machine that joined stays joined, with the key of its certificate, and
 * never falls back behind a certificate that it uses.
 */
class MembershipPowerCutTest {
  private static final int STATES = PowerCut.isLong() ? 12_000 : 400;
  private static final String HOST = "0123456789abcdef0123456789abcdef";
  private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Authority AUTHORITY =
      Authority.open(new State(new Database(new MemoryStore())), "one", RANDOM, NOW);
  private static final List<Membership> MEMBERSHIPS =
      IntStream.range(0, 3).mapToObj(MembershipPowerCutTest::membership).toList();

  private Path root = Path.of("");

  private static Membership membership(int number) {
    KeyPair pair = HostKey.make(RANDOM);
    return new Membership(
        "192.0.2.1:4567",
        JsonObject.EMPTY.with("name", "n" + number),
        AUTHORITY.certificate(),
        pair.getPrivate(),
        AUTHORITY.host(pair.getPublic(), HOST, NOW));
  }

  @BeforeEach
  void make() throws IOException {
    root = PowerCut.folder();
  }

  @AfterEach
  void clear() throws IOException {
    PowerCut.clear(root);
  }

  private static KeyPair pair(Membership of) {
    return new KeyPair(of.certificate().getPublicKey(), of.key());
  }

  /** Joins, and renews its certificate, as {@link JoinedMachine} does. */
  private static void live(Path root, RecordingDisk disk) throws IOException {
    Membership first = MEMBERSHIPS.getFirst();
    Membership.writeKey(root, first.key(), disk);
    first.write(root, disk);
    disk.promise(0);
    var kept = new KeptMembership(root, disk, first);
    for (int number = 1; number < MEMBERSHIPS.size(); number++) {
      Membership next = MEMBERSHIPS.get(number);
      kept.awaits(pair(next));
      kept.renewed(next.told(), pair(next), next.certificate());
      disk.promise(number);
      kept.settles(pair(next));
    }
  }

  private Tape life() throws IOException {
    var disk = new RecordingDisk(root);
    live(root, disk);
    return disk.tape();
  }

  private static int read(Path root, Disk disk) throws Exception {
    Optional<Membership> found = Membership.read(root, disk);
    if (found.isEmpty()) {
      return -1;
    }
    Membership now = found.get();
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(now.key());
    byte[] signed = signature.sign();
    signature.initVerify(now.certificate().getPublicKey());
    assertThat(signature.verify(signed)).as("the key is that of the certificate").isTrue();
    assertThat(Files.readString(Membership.authorityFile(root))).contains("CERTIFICATE");
    return Integer.parseInt(now.say("name").substring(1));
  }

  private static void check(Path root, Disk disk, List<Object> promised) throws Exception {
    assertThat(read(root, disk))
        .isGreaterThanOrEqualTo(promised.isEmpty() ? -1 : (int) promised.getLast());
  }

  @Test
  void staysJoinedWithTheKeyOfItsCertificate() throws IOException {
    PowerCut.play("a membership", life(), STATES, 1, MembershipPowerCutTest::check);
  }

  @Test
  void staysWhatAKilledProcessLeftOnceTheNextOneUsedIt() throws Exception {
    int steps = life().steps().size();
    for (int kill = 0; kill < steps; kill++) {
      clear();
      make();
      var disk = new RecordingDisk(root);
      disk.killAfter(kill);
      try {
        live(root, disk);
      } catch (RecordingDisk.Killed _) {
        // as planned
      }
      disk.revive();
      disk.promise(read(root, disk));
      PowerCut.play(
          "a membership, killed at step " + kill,
          disk.tape(),
          STATES / 8,
          2 + kill,
          MembershipPowerCutTest::check);
    }
  }

  @Test
  void isFoundOutWithoutSyncs() throws IOException {
    Tape tape = life();
    for (Tape careless : tape.careless()) {
      assertThat(PowerCut.fails(careless, STATES, 3, MembershipPowerCutTest::check)).isTrue();
    }
  }
}
