// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.app.backup.Vault;
import dev.holdfast.service.Finding;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code kill -9} leaves of a backup or a restore is never taken for a whole one. */
final class BackupKillTest {
  private static final int ROUNDS = "crash".equals(System.getenv("HOLDFAST_LONG")) ? 60 : 2;

  @TempDir private Path temp = Path.of("");

  private Path at(String name) {
    return temp.resolve(name);
  }

  private void fill() throws IOException {
    var random = new Random(3);
    try (Ship ship = Ship.launch(at("data"))) {
      for (int i = 0; i < 30; i++) {
        byte[] layer = new byte[100_000];
        random.nextBytes(layer);
        ship.push("image-" + i, layer);
      }
      ship.backup(at("vault"));
    }
  }

  @Test
  void aKilledBackupIsNone() throws Exception {
    fill();
    var random = new Random(5);
    long whole = Long.MAX_VALUE;
    int killed = 0;
    for (int round = 0; round <= ROUNDS; round++) {
      Vault.removeTree(at("fresh"));
      long limit = limit(round, whole, random);
      long took = run(limit, "backup", at("data").toString(), at("fresh").toString());
      whole = took >= 0 ? Math.min(whole, took) : whole;
      boolean ended = took >= 0;
      killed += ended ? 0 : 1;
      List<String> cuts =
          Files.exists(at("fresh").resolve(Vault.MARKER))
              ? Vault.open(at("fresh")).cuts()
              : List.of();
      if (!cuts.isEmpty()) {
        restoreAndCheck(at("fresh"), round);
      } else {
        assertThat(ended).isFalse();
      }
      try (OpenDirectory data = Ship.open(at("data"))) {
        new Backups(data).make(at("fresh"), true, Ship.QUIET);
      }
    }
    restoreAndCheck(at("fresh"), ROUNDS + 1);
    assertThat(killed).isPositive();
  }

  @Test
  void whatAKilledBackupLeavesInTheDirectoryGoesWithTheNextStart() throws IOException {
    Ship.launch(at("data")).close();
    Path left = at("data/run/backup");
    Files.createDirectories(left);
    Files.writeString(left.resolve("000009.sst"), "a name more of a file of the state");
    Ship.open(at("data")).close();
    assertThat(left).doesNotExist();
  }

  private void restoreAndCheck(Path vault, int round) throws IOException {
    Path other = at("other-" + round);
    Ship.restore(vault, other, at("data/root.key"));
    check(other);
    Vault.removeTree(other);
  }

  private static void check(Path dir) throws IOException {
    try (OpenDirectory open = Ship.open(dir)) {
      var checks =
          new Checks(
              open.foundation().keyring(),
              open.blobs(),
              open.foundation().random(),
              open.foundation().clock());
      assertThat(
              checks.run(open.foundation().store()).findings().stream().filter(Finding::isDamage))
          .isEmpty();
      assertThat(Epoch.of(open.foundation().state()).number()).isEqualTo(1);
    }
  }

  @Test
  void aKilledRestoreIsNone() throws Exception {
    fill();
    var random = new Random(9);
    long whole = Long.MAX_VALUE;
    int killed = 0;
    for (int round = 0; round <= ROUNDS; round++) {
      Path other = at("other");
      long limit = limit(round, whole, random);
      long took =
          run(
              limit,
              "restore",
              at("vault").toString(),
              other.toString(),
              at("data/root.key").toString());
      whole = took >= 0 ? Math.min(whole, took) : whole;
      killed += took >= 0 ? 0 : 1;
      Path aside = at("other.restoring");
      if (Files.exists(aside.resolve(Restore.UNFINISHED))) {
        assertThatThrownBy(() -> Installation.open(aside, null, null, new SecureRandom()))
            .hasMessageContaining("interrupted");
      }
      if (!Files.exists(other) || Files.exists(other.resolve(Restore.UNFINISHED))) {
        Ship.restore(at("vault"), other, at("data/root.key"));
      }
      check(other);
      Vault.removeTree(other);
    }
    assertThat(killed).isPositive();
  }

  /**
   * How long a round may run: the first to its end, the others a part of the shortest that came to
   * its end. The last one is certain to be killed, however slow the first was.
   */
  private static long limit(int round, long whole, Random random) {
    if (round == 0) {
      return Long.MAX_VALUE;
    }
    return round == ROUNDS ? whole / 8 : (long) (random.nextDouble() * whole);
  }

  /** Runs until the end or for so many nanoseconds; returns how long it took, or -1 if killed. */
  private long run(long nanos, String... words) throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            BackupProcess.class.getName()));
    command.addAll(List.of(words));
    Process process =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(at("process.log").toFile()))
            .start();
    try (var out = process.inputReader(StandardCharsets.UTF_8)) {
      assertThat(out.readLine()).as(Files.readString(at("process.log"))).isEqualTo("begin");
      long began = System.nanoTime();
      if (process.waitFor(nanos, TimeUnit.NANOSECONDS)) {
        assertThat(process.exitValue()).as(Files.readString(at("process.log"))).isZero();
        return System.nanoTime() - began;
      }
      process.destroyForcibly().waitFor();
      return -1;
    }
  }
}
