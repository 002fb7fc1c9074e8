// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.app.Ashore;
import dev.holdfast.app.cli.CheckOptions.Mode;
import dev.holdfast.app.cli.CheckReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One file of a real data directory is hurt at a time. The platform then has everything that was
 * acknowledged, or refuses to start and says why and what to do, or refuses the one blob that is
 * hurt. Anything else is silent damage.
 */
class CorruptionTest {
  private static final boolean LONG = "corrupt".equals(System.getenv("HOLDFAST_LONG"));
  private static final int FLIPS = LONG ? 40 : 1;

  @TempDir private Path temp;

  private final Random random = new Random(20261125);
  private final Map<String, Integer> outcomes = new TreeMap<>();
  private final List<String> silent = new ArrayList<>();

  @Test
  void damageIsRecoveredOrRefusedOrFoundButNeverSilent() throws Exception {
    Path dir = temp.resolve("data");
    Voyage voyage = Voyage.make(dir);
    assertThat(Ashore.damages(dir)).as("before").isEmpty();
    Path whole = copy(dir, temp.resolve("whole"));
    int number = 0;
    for (Path file : files(whole)) {
      Path name = whole.relativize(file);
      for (Hurt hurt : ways((int) Files.size(file))) {
        number++;
        remove(dir);
        copy(whole, dir);
        hurt.way().on(dir.resolve(name));
        String outcome = play(voyage, dir, name + " " + hurt.name());
        outcomes.merge(kind(name) + " " + outcome, 1, Integer::sum);
      }
    }
    System.getLogger("corruption-test")
        .log(System.Logger.Level.INFO, number + " directories: " + outcomes);
    assertThat(silent).isEmpty();
    assertThat(outcomes.keySet().stream().map(o -> o.substring(o.lastIndexOf(' ') + 1)))
        .as("all three outcomes are seen")
        .contains("recovered", "refused", "found");
  }

  private String play(Voyage voyage, Path copy, String what) throws Exception {
    CheckReport report = Ashore.check(copy, Mode.LOOK);
    String outcome = start(voyage, copy, what);
    if (!outcome.equals("recovered") && report.damages() == 0) {
      silent.add(what + ": " + outcome + ", and fsck finds nothing");
    }
    return outcome;
  }

  private String start(Voyage voyage, Path copy, String what) throws Exception {
    try (Ashore platform = Ashore.start(copy)) {
      if (voyage.look(platform) == Voyage.Seen.ALL) {
        return "recovered";
      }
      if (platform.warnings().stream().noneMatch(line -> line.contains("sha256:"))) {
        silent.add(what + ": a blob is refused, and status does not say so");
      }
      return "found";
    } catch (Ashore.Refused e) {
      String text = String.valueOf(e.getMessage());
      if (!(text.contains(copy.toString()) || text.contains("installation.json"))
          || !text.matches("(?s).*(--|chmod|backup|restore).*")) {
        silent.add(what + ": says not what to do: " + text);
      }
      return "refused";
    } catch (AssertionError | IOException | RuntimeException e) {
      silent.add(what + ": " + e);
      return "SILENT";
    }
  }

  /** In the short form, that the file is missing, and one of the other ways. */
  private List<Hurt> ways(int size) {
    List<Hurt> all = Hurt.of(size, FLIPS, random);
    if (LONG) {
      return all;
    }
    var some = new ArrayList<>(all.subList(1, all.size()));
    Collections.shuffle(some, random);
    var ways = new ArrayList<>(some.subList(0, Math.min(1, some.size())));
    ways.add(all.getFirst());
    return ways;
  }

  private static String kind(Path name) {
    return name.toString()
        .replaceAll("[0-9a-f]{64}", "DIGEST")
        .replaceAll("sha256/[0-9a-f]{2}", "sha256/NN")
        .replaceAll("\\d+", "N");
  }

  /** Every file but the native library, which this process has loaded, and RocksDB's own log. */
  private static List<Path> files(Path dir) throws IOException {
    try (Stream<Path> walk = Files.walk(dir)) {
      return walk.filter(Files::isRegularFile)
          .filter(file -> !file.toString().contains("/native/"))
          .filter(file -> !file.toString().contains("/reserve"))
          .filter(file -> !file.getFileName().toString().startsWith("LOG"))
          .sorted()
          .toList();
    }
  }

  private static Path copy(Path from, Path to) throws IOException {
    try (Stream<Path> walk = Files.walk(from)) {
      for (Path path : walk.filter(p -> !p.toString().contains("/native/")).toList()) {
        Files.copy(
            path,
            to.resolve(from.relativize(path)),
            java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
    return to;
  }

  private static void remove(Path dir) throws IOException {
    try (Stream<Path> walk = Files.walk(dir)) {
      for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  @Test
  void aDamagedBlobIsSetAsideNamedAndHealedByTheNextPush() throws Exception {
    Path dir = temp.resolve("data");
    Voyage voyage = Voyage.make(dir);
    for (String digest : voyage.digests()) {
      String hex = digest.substring("sha256:".length());
      Path file = dir.resolve("blobs/sha256").resolve(hex.substring(0, 2)).resolve(hex);
      Hurt.flip(file, (int) Files.size(file) / 2, 8);
    }
    try (Ashore platform = Ashore.start(dir);
        Writing client = voyage.client(platform)) {
      assertThat(voyage.look(platform)).isEqualTo(Voyage.Seen.ALL_BUT_BLOBS);
      for (String digest : voyage.digests()) {
        assertThat(client.has("blobs/" + digest)).as("HEAD " + digest).isFalse();
        assertThat(platform.warnings()).anyMatch(line -> line.contains(digest));
      }
      voyage.push(client);
      assertThat(voyage.look(platform)).isEqualTo(Voyage.Seen.ALL);
      assertThat(platform.warnings()).noneMatch(line -> line.contains("sha256:"));
    }
    assertThat(Ashore.damages(dir)).isEmpty();
  }

  @Test
  void whatIsSetAsideIsNeverServedWhateverHappensToIt() throws Exception {
    Path dir = temp.resolve("data");
    Voyage voyage = Voyage.make(dir);
    String digest = voyage.digests().getFirst();
    String hex = digest.substring("sha256:".length());
    Path file = dir.resolve("blobs/sha256").resolve(hex.substring(0, 2)).resolve(hex);
    Files.write(file, new byte[200]);
    try (Ashore platform = Ashore.start(dir)) {
      assertThat(voyage.look(platform)).isEqualTo(Voyage.Seen.ALL_BUT_BLOBS);
    }
    Path aside = dir.resolve("blobs/quarantine").resolve(hex + "-1");
    for (Hurt hurt : Hurt.of((int) Files.size(aside), 1, random)) {
      Files.write(aside, new byte[200]);
      hurt.way().on(aside);
      assertThat(Ashore.damages(dir)).as(hurt.name()).anyMatch(line -> line.contains(digest));
      try (Ashore platform = Ashore.start(dir)) {
        assertThat(voyage.look(platform)).as(hurt.name()).isEqualTo(Voyage.Seen.ALL_BUT_BLOBS);
      }
    }
    try (Ashore platform = Ashore.start(dir);
        Writing client = voyage.client(platform)) {
      voyage.push(client);
      assertThat(voyage.look(platform)).isEqualTo(Voyage.Seen.ALL);
    }
    assertThat(Ashore.damages(dir)).isEmpty();
  }

  @Test
  void theScrubFindsWhatNobodyReads() throws Exception {
    Path dir = temp.resolve("data");
    Voyage voyage = Voyage.make(dir);
    String digest = voyage.digests().getLast();
    String hex = digest.substring("sha256:".length());
    Path file = dir.resolve("blobs/sha256").resolve(hex.substring(0, 2)).resolve(hex);
    Hurt.flip(file, 4_000_000, 1);
    try (Ashore platform = Ashore.start(dir);
        Writing client = voyage.client(platform)) {
      assertThat(client.has("blobs/" + digest)).as("nobody has read it yet").isTrue();
      platform.scrub();
      assertThat(client.has("blobs/" + digest)).isFalse();
      assertThat(platform.warnings()).anyMatch(line -> line.contains(digest));
      voyage.push(client);
      assertThat(voyage.look(platform)).isEqualTo(Voyage.Seen.ALL);
    }
  }

  @Test
  void damageInALargeStateIsNamedInStatusUntilItIsMended() throws Exception {
    Path dir = temp.resolve("data");
    Voyage.make(dir);
    Path table = largestTable(dir);
    int middle = (int) Files.size(table) / 2;
    Hurt.flip(table, middle, 1);
    assertThatThrownBy(() -> Ashore.start(dir).close()).isInstanceOf(Ashore.Refused.class);
    try (Ashore platform = Ashore.startOfALargeState(dir)) {
      platform.tidy();
      assertThat(platform.warnings())
          .anyMatch(
              line ->
                  line.contains(table.getFileName().toString())
                      && line.contains("checksum")
                      && line.contains("fsck --data-dir " + dir)
                      && line.contains("restore"));
      platform.tidy();
      assertThat(platform.warnings()).as("still").anyMatch(line -> line.contains("restore"));
      Hurt.flip(table, middle, 1);
      platform.tidy();
      assertThat(platform.warnings()).noneMatch(line -> line.contains("restore"));
    }
  }

  private static Path largestTable(Path dir) throws IOException {
    try (Stream<Path> files = Files.list(dir.resolve("state"))) {
      return files
          .filter(file -> file.toString().endsWith(".sst"))
          .max(Comparator.comparingLong(file -> file.toFile().length()))
          .orElseThrow();
    }
  }

  @Test
  void repairBringsBackWhatIsRightWithoutDoubt() throws Exception {
    Path dir = temp.resolve("data");
    Voyage voyage = Voyage.make(dir);
    Files.delete(dir.resolve("installation.json"));
    Files.setPosixFilePermissions(
        dir.resolve("keyring.json"),
        java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));
    String hex = voyage.digests().getFirst().substring("sha256:".length());
    Hurt.flip(dir.resolve("blobs/sha256").resolve(hex.substring(0, 2)).resolve(hex), 100, 1);
    assertThat(Ashore.damages(dir)).hasSize(3);
    assertThat(Ashore.check(dir, Mode.LOOK).done()).isEmpty();
    assertThat(Ashore.check(dir, Mode.REPAIR).done()).hasSizeGreaterThanOrEqualTo(3);
    try (Ashore platform = Ashore.start(dir);
        Writing client = voyage.client(platform)) {
      voyage.push(client);
      assertThat(voyage.look(platform)).isEqualTo(Voyage.Seen.ALL);
    }
    assertThat(Ashore.damages(dir)).isEmpty();
  }
}
