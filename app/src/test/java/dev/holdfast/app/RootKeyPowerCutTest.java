// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.kit.disk.Disk;
import dev.holdfast.kit.disk.DiskFile;
import dev.holdfast.kit.disk.PowerCut;
import dev.holdfast.kit.disk.RecordingDisk;
import dev.holdfast.kit.disk.Tape;
import dev.holdfast.service.Profile;
import dev.holdfast.store.seal.Keyring;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whenever the process is killed or the power goes while the root key is rotated, the next start
 * opens the keyring, with every key that something was sealed under.
 */
class RootKeyPowerCutTest {
  private static final int STATES = PowerCut.isLong() ? 12_000 : 600;
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final byte[] PLAIN = "plain".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] NOTHING = new byte[0];

  private Path root = Path.of("");

  @BeforeEach
  void make() throws IOException {
    root = PowerCut.folder();
  }

  @AfterEach
  void clear() throws IOException {
    PowerCut.clear(root);
  }

  /** An installation as a start finds it. */
  private record Started(Path file, Keyring keyring) implements AutoCloseable {
    static Started at(Path root, Profile profile, Disk disk) throws IOException {
      Path data = root.resolve("data");
      Path key = root.resolve(profile == Profile.DEV ? "data/root.key" : "config/root.key");
      disk.makeDirectories(data);
      Installation installation = Installation.open(data, profile, key, RANDOM, disk);
      return new Started(
          RootKey.file(installation), Foundation.keyring(data, installation, RANDOM, disk));
    }

    /** Rotates as the command does; what was sealed is promised. */
    void rotate(RecordingDisk disk) throws IOException {
      promise(disk);
      RootKeyRotation.change(file, keyring, RANDOM, disk);
      promise(disk);
      keyring.rotate();
      promise(disk);
    }

    private void promise(RecordingDisk disk) {
      disk.promise(HexFormat.of().formatHex(keyring.wrap(PLAIN, NOTHING)));
    }

    @Override
    public void close() {
      keyring.close();
    }
  }

  private static PowerCut.Recovery startAgain(Profile profile) {
    return (where, disk, promised) -> {
      // A start may be cut off as well, so what the first one leaves is opened once more.
      for (int start = 0; start < 2; start++) {
        try (Started now = Started.at(where, profile, disk)) {
          for (Object sealed : promised) {
            byte[] wrapped = HexFormat.of().parseHex((String) sealed);
            assertThat(now.keyring().unwrap(wrapped, NOTHING)).isEqualTo(PLAIN);
          }
          assertThat(RootKeyRotation.next(now.file())).doesNotExist();
          Path previous = RootKeyRotation.previous(now.file());
          if (Files.exists(previous)) {
            assertThat(Files.mismatch(previous, now.file()))
                .as("no copy of the key")
                .isNotEqualTo(-1);
          }
        }
      }
    };
  }

  private Tape life(Profile profile) throws IOException {
    var disk = new RecordingDisk(root);
    for (int start = 0; start < 2; start++) {
      try (Started now = Started.at(root, profile, disk)) {
        now.rotate(disk);
      }
    }
    return disk.tape();
  }

  @ParameterizedTest
  @EnumSource(Profile.class)
  void opensWhateverIsLeft(Profile profile) throws IOException {
    PowerCut.play("a rotation of the root key", life(profile), STATES, 1, startAgain(profile));
  }

  @ParameterizedTest
  @EnumSource(Profile.class)
  void opensAfterAKillAndThenAPowerCut(Profile profile) throws IOException {
    int steps = life(profile).steps().size();
    for (int kill = 0; kill < steps; kill += PowerCut.isLong() ? 1 : 3) {
      clear();
      make();
      var disk = new RecordingDisk(root);
      disk.killAfter(kill);
      try (Started now = Started.at(root, profile, disk)) {
        now.rotate(disk);
      } catch (RecordingDisk.Killed _) {
        // as planned
      }
      disk.revive();
      try (Started now = Started.at(root, profile, disk)) {
        now.rotate(disk);
      }
      PowerCut.play(
          "a rotation of the root key, killed at step " + kill,
          disk.tape(),
          STATES / 4,
          3 + kill,
          startAgain(profile));
    }
  }

  /** The new key could not be given its name, and somebody tries again before the next start. */
  @ParameterizedTest
  @EnumSource(Profile.class)
  void opensAfterASecondAttemptThatFollowsOneWhoseLastStepFailed(Profile profile)
      throws IOException {
    var disk = new RecordingDisk(root);
    try (Started now = Started.at(root, profile, disk)) {
      now.promise(disk);
      var stuck = new StuckDisk(disk, now.file());
      assertThatThrownBy(() -> RootKeyRotation.change(now.file(), now.keyring(), RANDOM, stuck))
          .hasMessageContaining("busy");
      now.promise(disk);
      assertThatThrownBy(
              () -> {
                RootKeyRotation.requireRoom(now.file());
                now.rotate(disk);
              })
          .isInstanceOf(Refusal.class)
          .hasMessageContaining("interrupted");
    }
    PowerCut.play("a rotation, twice begun", disk.tape(), STATES, 7, startAgain(profile));
  }

  /** A disk on which one name cannot be given to a file. */
  private record StuckDisk(Disk under, Path name) implements Disk {
    @Override
    public void move(Path from, Path to) throws IOException {
      if (to.equals(name)) {
        throw new FileSystemException(to.toString(), from.toString(), "Device or resource busy");
      }
      under.move(from, to);
    }

    @Override
    public DiskFile create(Path file) throws IOException {
      return under.create(file);
    }

    @Override
    public DiskFile open(Path file) throws IOException {
      return under.open(file);
    }

    @Override
    public FileChannel read(Path file) throws IOException {
      return under.read(file);
    }

    @Override
    public void delete(Path path) throws IOException {
      under.delete(path);
    }

    @Override
    public void makeDirectory(Path directory) throws IOException {
      under.makeDirectory(directory);
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
      under.syncDirectory(directory);
    }
  }

  @Test
  void needsItsSyncs() throws IOException {
    Tape tape = life(Profile.STANDARD);
    for (Tape careless : tape.careless()) {
      assertThat(PowerCut.fails(careless, STATES, 5, startAgain(Profile.STANDARD))).isTrue();
    }
  }
}
