// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.app.backup.Vault;
import dev.holdfast.iam.control.RestoredKeys;
import dev.holdfast.registry.blob.BlobStore;
import dev.holdfast.registry.model.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a second {@code restore} does with what a first one left beside its target. */
final class RestoreAgainTest {
  @TempDir private Path temp = Path.of("");

  private Path at(String name) {
    return temp.resolve(name);
  }

  @Test
  void finishesOneThatWasWholeAndLackedItsName() throws IOException {
    try (Ship ship = Ship.launch(at("data"))) {
      Digest blob = ship.push("1", new byte[] {1, 2, 3});
      ship.backup(at("vault"));
      ship.restore(at("vault"), at("other"));
      Files.move(at("other"), at("other.restoring")); // as before its last step
      String id = identity(at("other.restoring"));

      ship.restore(at("vault"), at("other"));

      assertThat(at("other.restoring")).doesNotExist();
      assertThat(identity(at("other"))).as("the same, and not restored again").isEqualTo(id);
      try (OpenDirectory other = Ship.open(at("other"))) {
        assertThat(other.blobs().verify(blob)).isEqualTo(BlobStore.Verdict.INTACT);
        assertThat(Epoch.of(other.foundation().state()).number()).isEqualTo(1);
        assertThat(new RestoredKeys(other.foundation().state()).waiting()).hasSize(1);
      }
      assertThat(damage(at("other"))).isEmpty();
    }
  }

  private static String identity(Path dir) throws IOException {
    return Installation.readable(dir.resolve(Installation.FILE)).orElseThrow().id();
  }

  private static Stream<String> damage(Path dir) throws IOException {
    return DirectoryCheck.run(
            new dev.holdfast.app.cli.CheckOptions(
                dir, null, dev.holdfast.app.cli.CheckOptions.Mode.LOOK),
            new java.security.SecureRandom(),
            java.time.InstantSource.system())
        .findings()
        .stream()
        .filter(finding -> finding.isDamage())
        .map(finding -> finding.text());
  }

  @Test
  void saysWhatToTypeWhereTheWholeOneIsOfAnotherBackup() throws IOException {
    try (Ship ship = Ship.launch(at("data"))) {
      ship.backup(at("vault"));
      String first = Vault.open(at("vault")).newest().orElseThrow();
      ship.restore(at("vault"), at("other"));
      Files.move(at("other"), at("other.restoring"));
      ship.push("1", new byte[] {1});
      ship.backup(at("vault"));

      assertThatThrownBy(() -> ship.restore(at("vault"), at("other")))
          .isInstanceOf(Refusal.class)
          .hasMessageContaining("is restored from the backup " + first)
          .hasMessageContaining("./holdfast restore " + at("vault") + " --backup " + first)
          .hasMessageContaining(
              "mv %s %s.other".formatted(at("other.restoring"), at("other.restoring")));

      Files.move(at("other.restoring"), at("other.restoring.other"));
      ship.restore(at("vault"), at("other"));
      assertThat(damage(at("other"))).isEmpty();
    }
  }

  @Test
  void finishesNoneThatIsDamagedOrOfAnother() throws IOException {
    try (Ship ship = Ship.launch(at("data"))) {
      ship.push("1", new byte[] {1, 2, 3});
      ship.backup(at("vault"));
      Files.createDirectory(at("other.restoring"));
      Files.writeString(at("other.restoring/mine"), "mine");
      assertThatThrownBy(() -> ship.restore(at("vault"), at("other")))
          .isInstanceOf(Refusal.class)
          .hasMessageContaining("is in the way, and no restored folder")
          .hasMessageContaining("mv ");
      assertThat(at("other.restoring/mine")).exists();
      Vault.removeTree(at("other.restoring"));

      ship.restore(at("vault"), at("other"));
      Files.move(at("other"), at("other.restoring"));
      Vault.removeTree(at("other.restoring/state"));
      assertThatThrownBy(() -> ship.restore(at("vault"), at("other")))
          .isInstanceOf(Refusal.class)
          .hasMessageContaining("does not open")
          .hasMessageContaining("mv ");
      assertThat(at("other")).doesNotExist();
      Vault.removeTree(at("other.restoring"));

      ship.restore(at("vault"), at("other"));
      Files.move(at("other"), at("other.restoring"));
      Vault.removeTree(at("other.restoring/blobs/sha256"));
      assertThatThrownBy(() -> ship.restore(at("vault"), at("other")))
          .isInstanceOf(Refusal.class)
          .hasMessageContaining("is damaged");
      assertThat(at("other")).doesNotExist();
    }
  }

  @Test
  void beginsAnewWhereTheFirstHadNotEvenItsMark() throws IOException {
    try (Ship ship = Ship.launch(at("data"))) {
      ship.backup(at("vault"));
      Files.createDirectory(at("other.restoring"));
      ship.restore(at("vault"), at("other"));
      Files.createDirectory(at("next.restoring"));
      Files.writeString(at("next.restoring").resolve(Restore.UNFINISHED + ".new"), "A rest");
      ship.restore(at("vault"), at("next"));
      assertThat(damage(at("next"))).isEmpty();
    }
  }
}
