// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store.seal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kit.Secret;
import dev.holdfast.kit.disk.Disk;
import dev.holdfast.kit.disk.FailStopDisk;
import dev.holdfast.kit.disk.PowerCut;
import dev.holdfast.kit.disk.RecordingDisk;
import dev.holdfast.kit.disk.Tape;
import dev.holdfast.store.StoreUnavailable;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Whenever the power goes, a keyring opens afterwards: under the old root key or the new one, and
 * with every key that something was sealed with.
 */
final class KeyringPowerCutTest {
  private static final int STATES = PowerCut.isLong() ? 20_000 : 2_000;
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final byte[] NOTHING = new byte[0];

  private Path root = Path.of("");

  /**
   * What somebody rests on.
   *
   * @param sealed in hexadecimal digits; empty where nothing was sealed yet
   * @param rootKey the one that the keyring was under then
   */
  private record Said(String sealed, int rootKey, int version) {}

  @BeforeEach
  void make() throws IOException {
    root = PowerCut.folder();
  }

  @AfterEach
  void clear() throws IOException {
    PowerCut.clear(root);
  }

  private static Secret rootKey(int fill) {
    byte[] bytes = new byte[32];
    Arrays.fill(bytes, (byte) fill);
    return new Secret(bytes);
  }

  private Tape life() throws IOException {
    var disk = new RecordingDisk(root);
    try (Keyring keyring =
        Keyring.create(new KeyringFile(root.resolve("keyring.json"), disk), rootKey(1), RANDOM)) {
      disk.promise(new Said("", 1, 1));
      for (int rootKey = 1; rootKey <= 3; rootKey++) {
        if (rootKey > 1) {
          keyring.rewrap(rootKey(rootKey));
          disk.promise(new Said("", rootKey, keyring.version()));
        }
        for (int i = 0; i < 3; i++) {
          byte[] sealed = keyring.wrap(new byte[] {(byte) i}, NOTHING);
          disk.promise(new Said(HexFormat.of().formatHex(sealed), rootKey, keyring.version()));
          keyring.rotate();
          disk.promise(new Said("", rootKey, keyring.version()));
        }
      }
    }
    return disk.tape();
  }

  private static void check(Path root, Disk disk, List<Object> promised) {
    var file = new KeyringFile(root.resolve("keyring.json"), disk);
    if (promised.isEmpty() && file.load() == null) {
      Keyring.create(file, rootKey(1), RANDOM).close();
      return;
    }
    int under = promised.isEmpty() ? 1 : ((Said) promised.getLast()).rootKey();
    try (Keyring keyring = open(file, under)) {
      for (Object one : promised) {
        var said = (Said) one;
        assertThat(keyring.version()).isGreaterThanOrEqualTo(said.version());
        if (!said.sealed().isEmpty()) {
          byte[] sealed = HexFormat.of().parseHex(said.sealed());
          assertThat(keyring.unwrap(sealed, NOTHING)).hasSize(1);
          // Each key is good for so many uses, and a power cut must give none back.
          assertThat(keyring.uses(said.version())).isPositive();
        }
      }
    }
  }

  private static Keyring open(KeyringFile file, int rootKey) {
    try (Secret known = rootKey(rootKey)) {
      return Keyring.open(file, known, RANDOM);
    } catch (SealException e) {
      // It may have been sealed under the next one, which nobody was told yet.
      try (Secret next = rootKey(rootKey + 1)) {
        return Keyring.open(file, next, RANDOM);
      } catch (SealException _) {
        throw new AssertionError("the keyring opens under no root key", e);
      }
    }
  }

  @Test
  void opensWhateverIsLeft() throws IOException {
    PowerCut.Played played =
        PowerCut.play("a keyring", life(), STATES, 1, KeyringPowerCutTest::check);
    assertThat(played.states()).isGreaterThanOrEqualTo(STATES);
  }

  /** Uses a keyring until something fails; a failed use is tried once more. */
  private static void use(RecordingDisk disk, Keyring keyring, int rootKey) {
    for (int attempt = 0; attempt < 2; attempt++) {
      try {
        byte[] sealed = keyring.wrap(new byte[] {1}, NOTHING);
        disk.promise(new Said(HexFormat.of().formatHex(sealed), rootKey, keyring.version()));
        keyring.rotate();
        disk.promise(new Said("", rootKey, keyring.version()));
      } catch (StoreUnavailable _) {
        // once more
      }
    }
  }

  /** What nobody was told of may be lost; what the next process seals may not. */
  @Test
  void sealsNothingUnderAKeyThatRestsOnASyncThatFailed() throws IOException {
    boolean failed = true;
    for (int syncs = 0; failed; syncs++) {
      clear();
      make();
      var disk = new RecordingDisk(root);
      var file = new KeyringFile(root.resolve("keyring.json"), new FailStopDisk(disk));
      try (Keyring keyring = Keyring.create(file, rootKey(1), RANDOM)) {
        disk.promise(new Said("", 1, 1));
        disk.failSyncAfter(syncs);
        use(disk, keyring, 1);
      }
      failed = !disk.failureIsToCome();
      disk.revive();
      var again = new KeyringFile(root.resolve("keyring.json"), new FailStopDisk(disk));
      try (Keyring keyring = open(again, 1)) {
        use(disk, keyring, 1);
      }
      PowerCut.play(
          "a keyring, sync " + syncs + " failed",
          disk.tape(),
          STATES / 10,
          4 + syncs,
          KeyringPowerCutTest::check);
    }
  }

  @Test
  void needsEverySync() throws IOException {
    Tape life = life();
    for (int sync : life.syncs()) {
      assertThat(PowerCut.fails(life.without(sync), STATES, 2, KeyringPowerCutTest::check))
          .as("without step %d, %s", sync, life.steps().get(sync))
          .isTrue();
    }
    assertThat(PowerCut.fails(life.movesBeforeSync(), STATES, 3, KeyringPowerCutTest::check))
        .isTrue();
  }
}
