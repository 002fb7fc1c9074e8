// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kit.Hashes;
import dev.holdfast.kit.disk.Disk;
import dev.holdfast.kit.disk.FailStopDisk;
import dev.holdfast.kit.disk.PowerCut;
import dev.holdfast.kit.disk.RecordingDisk;
import dev.holdfast.kit.disk.Tape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Whenever the power goes, every backup that is listed is whole, and none that was made is missing.
 */
class VaultPowerCutTest {
  private static final int STATES = PowerCut.isLong() ? 12_000 : 400;
  private static final byte[] KEY = new byte[32];

  private Path root = Path.of("");

  @BeforeEach
  void make() throws IOException {
    root = PowerCut.folder();
  }

  @AfterEach
  void clear() throws IOException {
    PowerCut.clear(root);
  }

  /** Makes a backup of one file of its own and of two that it shares with the others. */
  private static void backup(Vault vault, RecordingDisk disk, String id) throws IOException {
    var pieces = new ArrayList<Piece>();
    pieces.add(
        vault.keep("state/log", out -> out.write(id.repeat(200).getBytes(StandardCharsets.UTF_8))));
    for (String text : List.of("one", "two")) {
      byte[] content = text.repeat(300).getBytes(StandardCharsets.UTF_8);
      String hash = Hashes.sha256Hex(content);
      var blob = new Piece("sha256:" + hash, content.length, hash);
      pieces.add(vault.has(blob) ? blob : vault.keep(blob.name(), out -> out.write(content)));
    }
    vault.keep(new Cut(id, Instant.EPOCH, "1", "0123456789ab", "dev", 1, pieces), KEY);
    disk.promise(id);
  }

  private static void check(Path root, Disk disk, List<Object> promised) throws IOException {
    Path target = root.resolve("target");
    if (!Files.exists(target.resolve(Vault.MARKER))) {
      assertThat(promised).isEmpty();
      return;
    }
    try (Vault vault = Vault.open(target)) {
      List<String> cuts = vault.cuts();
      assertThat(cuts).containsAll(promised.stream().map(Object::toString).toList());
      for (String id : cuts) {
        for (Piece piece : vault.cut(id, KEY).pieces()) {
          vault.verify(piece);
        }
      }
    }
    Vault.create(target, disk).close();
  }

  private Tape backups() throws IOException {
    var disk = new RecordingDisk(root);
    for (String id : List.of("20260101T000000Z-000001", "20260102T000000Z-000002")) {
      try (Vault vault = Vault.create(root.resolve("target"), disk)) {
        backup(vault, disk, id);
      }
    }
    return disk.tape();
  }

  @Test
  void keepsEveryBackupWhole() throws IOException {
    PowerCut.play("backups", backups(), STATES, 1, VaultPowerCutTest::check);
  }

  /** What an interrupted backup brought is used by the next, which has to make it durable. */
  @Test
  void keepsABackupWholeThatUsesWhatAKilledOneBrought() throws IOException {
    int kill = 0;
    for (boolean killed = true; killed; kill++) {
      clear();
      make();
      var disk = new RecordingDisk(root);
      try (Vault vault = Vault.create(root.resolve("target"), disk)) {
        disk.killAfter(kill);
        backup(vault, disk, "20260101T000000Z-000001");
        killed = false;
      } catch (RecordingDisk.Killed _) {
        // as planned
      }
      disk.revive();
      try (Vault vault = Vault.create(root.resolve("target"), disk)) {
        backup(vault, disk, "20260102T000000Z-000002");
      }
      PowerCut.play(
          "backups, one killed at step " + kill,
          disk.tape(),
          STATES,
          2 + kill,
          VaultPowerCutTest::check);
    }
    assertThat(kill).isGreaterThan(10);
  }

  /** What a backup brought whose sync failed is in doubt, and the next must not rest on it. */
  @Test
  void keepsABackupWholeThatFollowsOneWhoseSyncFailed() throws IOException {
    boolean failed = true;
    for (int syncs = 0; failed; syncs++) {
      clear();
      make();
      var disk = new RecordingDisk(root);
      disk.failSyncAfter(syncs);
      try (Vault vault = Vault.create(root.resolve("target"), new FailStopDisk(disk))) {
        backup(vault, disk, "20260101T000000Z-000001");
      } catch (IOException e) {
        assertThat(e).hasMessageContaining("Input/output error");
      }
      failed = !disk.failureIsToCome();
      disk.revive();
      try (Vault vault = Vault.create(root.resolve("target"), new FailStopDisk(disk))) {
        backup(vault, disk, "20260102T000000Z-000002");
      }
      PowerCut.play(
          "backups, sync " + syncs + " failed",
          disk.tape(),
          STATES,
          40 + syncs,
          VaultPowerCutTest::check);
    }
  }

  @Test
  void isFoundOutWithoutSyncs() throws IOException {
    Tape tape = backups();
    for (Tape careless : tape.careless()) {
      assertThat(PowerCut.fails(careless, STATES, 3, VaultPowerCutTest::check)).isTrue();
    }
  }
}
