// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.app.cli.CheckOptions;
import dev.holdfast.service.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a second {@code restore} does with what a first one left: nobody has to move anything. */
final class RestoreAgainTest {
  @TempDir private Path temp = Path.of("");

  private Path at(String name) {
    return temp.resolve(name);
  }

  private static List<String> damage(Path dir) throws IOException {
    return DirectoryCheck.run(
            new CheckOptions(dir, null, CheckOptions.Mode.LOOK),
            new SecureRandom(),
            InstantSource.system())
        .findings()
        .stream()
        .filter(Finding::isDamage)
        .map(Finding::text)
        .toList();
  }

  private static void mark(Path dir) throws IOException {
    Files.writeString(dir.resolve(Restore.UNFINISHED), "A restore was interrupted here.");
  }

  @Test
  void goesThroughWhereTheFirstWasKilledAtAnyOfItsLastSteps() throws IOException {
    try (Ship ship = Ship.launch(at("data"))) {
      ship.push("1", new byte[] {1, 2, 3});
      ship.backup(at("vault"));
      ship.restore(at("vault"), at("other"));
      mark(at("other")); // it has its name, and is not said to be whole yet
      assertThatThrownBy(() -> Ship.open(at("other"))).hasMessageContaining("interrupted");
      ship.restore(at("vault"), at("other"));
      assertThat(damage(at("other"))).isEmpty();

      Files.move(at("other"), at("other.restoring"));
      mark(at("other.restoring")); // it is whole, and has not its name
      ship.restore(at("vault"), at("other"));
      assertThat(at("other.restoring")).doesNotExist();
      assertThat(damage(at("other"))).isEmpty();
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

  @Test
  void leavesAloneWhatIsOfNoRestoreAndSaysWhatToType() throws IOException {
    try (Ship ship = Ship.launch(at("data"))) {
      ship.backup(at("vault"));
      Files.createDirectory(at("other.restoring"));
      Files.writeString(at("other.restoring/mine"), "mine");
      assertThatThrownBy(() -> ship.restore(at("vault"), at("other")))
          .isInstanceOf(Refusal.class)
          .hasMessageContaining(
              "mv %s %s.other".formatted(at("other.restoring"), at("other.restoring")));
      assertThat(at("other.restoring/mine")).exists();
      Files.move(at("other.restoring"), at("other.restoring.other"));
      ship.restore(at("vault"), at("other"));
      assertThat(damage(at("other"))).isEmpty();
    }
  }
}
