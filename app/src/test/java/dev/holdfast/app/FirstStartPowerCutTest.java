// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kit.disk.Disk;
import dev.holdfast.kit.disk.PowerCut;
import dev.holdfast.kit.disk.RecordingDisk;
import dev.holdfast.kit.disk.Step;
import dev.holdfast.kit.disk.Tape;
import dev.holdfast.registry.blob.FileBlobStore;
import dev.holdfast.service.Profile;
import dev.holdfast.store.seal.Keyring;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whenever the power goes in the first start, the next one either starts afresh or opens what is
 * there; once the keyring is in use it is the same installation and the same keyring for ever.
 */
class FirstStartPowerCutTest {
  private static final int STATES = PowerCut.isLong() ? 12_000 : 400;
  private static final SecureRandom RANDOM = new SecureRandom();

  private Path root = Path.of("");

  /** What a start was about. */
  private record Started(String installation, String keyring) {}

  @BeforeEach
  void make() throws IOException {
    root = PowerCut.folder();
  }

  @AfterEach
  void clear() throws IOException {
    PowerCut.clear(root);
  }

  /** What a start does with files of ours, up to where the state begins to be sealed. */
  private static Started start(Path root, Profile profile, Disk disk) throws IOException {
    Path data = root.resolve("data");
    Path key = root.resolve(profile == Profile.DEV ? "data/root.key" : "config/holdfast/root.key");
    disk.makeDirectories(data);
    Installation installation = Installation.open(data, profile, key, RANDOM, disk);
    if (!Files.exists(data.resolve(Foundation.KEYRING))) {
      // Foundation refuses a directory with blobs and no keyring.
      assertThat(data.resolve("blobs")).doesNotExist();
    }
    String id;
    try (Keyring keyring = Foundation.keyring(data, installation, RANDOM, disk)) {
      id = keyring.id();
    }
    FileBlobStore.open(data.resolve("blobs"), disk);
    return new Started(installation.id(), id);
  }

  private static PowerCut.Recovery startAgain(Profile profile) {
    return (where, disk, promised) -> {
      Started now = start(where, profile, disk);
      for (Object before : promised) {
        assertThat(now).isEqualTo(before);
      }
    };
  }

  private Tape firstStart(Profile profile) throws IOException {
    var disk = new RecordingDisk(root);
    disk.promise(start(root, profile, disk));
    disk.promise(start(root, profile, disk));
    return disk.tape();
  }

  @Test
  void startsAfreshOrOpensInDev() throws IOException {
    PowerCut.play("the first start", firstStart(Profile.DEV), STATES, 1, startAgain(Profile.DEV));
  }

  @Test
  void startsAfreshOrOpensInStandard() throws IOException {
    PowerCut.play(
        "the first start with a key elsewhere",
        firstStart(Profile.STANDARD),
        STATES,
        2,
        startAgain(Profile.STANDARD));
  }

  /** A process killed anywhere leaves what was not synced, and the next one must not rest on it. */
  @ParameterizedTest
  @EnumSource(Profile.class)
  void startsAfreshOrOpensAfterAKillAndThenAPowerCut(Profile profile) throws IOException {
    int steps = firstStart(profile).steps().size();
    for (int kill = 0; kill < steps; kill += PowerCut.isLong() ? 1 : 2) {
      clear();
      make();
      var disk = new RecordingDisk(root);
      disk.killAfter(kill);
      try {
        disk.promise(start(root, profile, disk));
      } catch (RecordingDisk.Killed _) {
        // as planned
      }
      disk.revive();
      disk.promise(start(root, profile, disk));
      PowerCut.play(
          "the first start, killed at step " + kill,
          disk.tape(),
          STATES / 4,
          3 + kill,
          startAgain(profile));
    }
  }

  @Test
  void needsItsSyncs() throws IOException {
    Tape tape = firstStart(Profile.DEV);
    int firstUse = tape.steps().indexOf(first(tape, Step.Promise.class::isInstance));
    for (int sync : tape.syncs()) {
      boolean found = PowerCut.fails(tape.without(sync), STATES, 4, startAgain(Profile.DEV));
      if (tape.steps().get(sync) instanceof Step.Sync) {
        assertThat(found).as("without %s", tape.steps().get(sync)).isTrue();
      }
    }
    assertThat(firstUse).isPositive();
    for (Tape careless : tape.careless()) {
      assertThat(PowerCut.fails(careless, STATES, 5, startAgain(Profile.DEV))).isTrue();
    }
  }

  private static Step first(Tape tape, Predicate<Step> which) {
    return tape.steps().stream().filter(which).findFirst().orElseThrow();
  }
}
