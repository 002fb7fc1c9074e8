// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agent.tidy.PulledImages;
import dev.holdfast.app.backup.Vault;
import dev.holdfast.app.cli.CheckOptions;
import dev.holdfast.app.cli.CheckOptions.Mode;
import dev.holdfast.app.cli.CheckReport;
import dev.holdfast.kit.disk.Disk;
import dev.holdfast.registry.model.Digest;
import dev.holdfast.service.Finding;
import dev.holdfast.store.Commit;
import dev.holdfast.store.Entry;
import dev.holdfast.store.Key;
import dev.holdfast.store.KeyRange;
import dev.holdfast.store.Snapshot;
import dev.holdfast.store.rocksdb.RocksStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One damage for each rule about files, planted into a real directory: {@code fsck} finds it, says
 * what to do, changes nothing, and {@code --repair} mends what it says it mends.
 */
final class FsckFilesTest {
  @TempDir private Path temp = Path.of("");

  private Path whole = Path.of("");
  private Path blob = Path.of("");

  /** A damage, and what is said of it. */
  private record Plant(String found, Way way) {
    interface Way {
      void in(Path dir) throws IOException;
    }
  }

  @BeforeEach
  void make() throws IOException {
    whole = temp.resolve("data");
    try (Ship ship = Ship.launch(whole)) {
      Digest digest = ship.push("1", new byte[] {1, 2, 3, 4});
      blob = Path.of("blobs/sha256", digest.hex().substring(0, 2), digest.hex());
    }
    Disk.local().makeDirectories(whole.resolve("agent/tasks"));
    Disk.local().makeDirectories(whole.resolve("agent/log-places"));
    PulledImages.open(whole.resolve("agent/images.json"), Disk.local())
        .pulled("web", Instant.EPOCH);
    Files.move(whole, temp.resolve("whole"));
    whole = temp.resolve("whole");
  }

  /** A fresh copy at the place that the directory was made at, which it knows its root key by. */
  private Path copy() throws IOException {
    Path to = temp.resolve("data");
    Vault.removeTree(to);
    try (Stream<Path> files = Files.walk(whole)) {
      for (Path file : files.filter(file -> !file.toString().contains("/reserve")).toList()) {
        Files.copy(file, to.resolve(whole.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
    return to;
  }

  private static CheckReport check(Path dir, Mode mode) throws IOException {
    return DirectoryCheck.run(
        new CheckOptions(dir, null, mode), new SecureRandom(), InstantSource.system());
  }

  private static List<String> texts(CheckReport report) {
    return report.findings().stream().map(Finding::text).toList();
  }

  private static void flip(Path file, int at) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[at] ^= 1;
    Files.write(file, bytes);
  }

  /** Changes the store below its seal. */
  private static void raw(Path dir, Commit commit) {
    try (RocksStore store = RocksStore.openExisting(dir.resolve("state"))) {
      store.commit(commit);
    }
  }

  private static Key first(Path dir, String start) {
    try (RocksStore store = RocksStore.openExisting(dir.resolve("state"));
        Snapshot snapshot = store.read()) {
      return snapshot.list(KeyRange.ALL, Integer.MAX_VALUE).stream()
          .map(Entry::key)
          .filter(key -> new String(key.bytes(), UTF_8).startsWith(start))
          .findFirst()
          .orElseThrow();
    }
  }

  private static void open(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
  }

  private static void newer(Path dir) {
    raw(dir, Commit.put(Key.of("x"), new byte[0])); // the store is there and takes writes
    try (var options = new org.rocksdb.Options();
        var db = org.rocksdb.RocksDB.open(options, dir.resolve("state").toString())) {
      db.put(new byte[] {0, 'f'}, new byte[] {99});
    } catch (org.rocksdb.RocksDBException e) {
      throw new AssertionError(e);
    }
  }

  /** The one log of the state that was written last. */
  private static Path log(Path dir) throws IOException {
    try (Stream<Path> files = Files.list(dir.resolve("state"))) {
      return files
          .filter(file -> file.toString().endsWith(".log"))
          .max(Path::compareTo)
          .orElseThrow();
    }
  }

  /** The size of one more note arrived, and nothing of its bytes. */
  private static void tear(Path dir) throws IOException {
    try (Stream<Path> files = Files.list(dir.resolve("state"))) {
      Path manifest =
          files
              .filter(file -> String.valueOf(file.getFileName()).startsWith("MANIFEST-"))
              .findFirst()
              .orElseThrow();
      Files.write(manifest, new byte[40], StandardOpenOption.APPEND);
    }
  }

  private List<Plant> plants() {
    return List.of(
        new Plant(
            "is no file of Holdfast's; it is neither used nor removed",
            dir -> Files.writeString(dir.resolve("mine"), "")),
        new Plant(
            "says no more what the agent ran",
            dir -> Files.writeString(dir.resolve("agent/tasks/" + "0".repeat(32) + ".json"), "x")),
        new Plant(
            "says no more how far a container's log was sent",
            dir ->
                Files.writeString(
                    dir.resolve(
                        "agent/log-places/" + "0".repeat(32) + "-" + "0".repeat(16) + ".json"),
                    "x")),
        new Plant(
            "says no more which images the agent pulled",
            dir -> flip(dir.resolve("agent/images.json"), 12)),
        new Plant(
            "is damaged: this machine has to join anew",
            dir -> Files.writeString(dir.resolve("membership.json"), "x")),
        new Plant("root.key is open to others: rw-r--r--", dir -> open(dir.resolve("root.key"))),
        new Plant(
            "keyring.json is missing, and without it nothing here can be read",
            dir -> Files.delete(dir.resolve("keyring.json"))),
        new Plant(
            "is of a rotation of the root key that was interrupted; the next start ends it",
            dir ->
                Files.copy(
                    dir.resolve("root.key"),
                    dir.resolve("root.key.next"),
                    StandardCopyOption.COPY_ATTRIBUTES)),
        new Plant("the root key: the root key ", dir -> Files.delete(dir.resolve("root.key"))),
        new Plant("does not open under the root key", dir -> flip(dir.resolve("root.key"), 7)),
        new Plant(
            "or give up what is lost: ./holdfast fsck --accept-loss",
            dir -> flip(log(dir), (int) Files.size(log(dir)) / 2)),
        new Plant(TORN, FsckFilesTest::tear),
        new Plant(
            "nothing was changed\n        -> see to that, then check again", FsckFilesTest::newer),
        new Plant("has format 99", FsckFilesTest::newer),
        new Plant("was not sealed under", this::anothersKeyring),
        new Plant(
            "does not open: ",
            dir -> raw(dir, Commit.put(first(dir, "r\0iam-accounts\0"), new byte[40]))),
        new Plant(
            "is not in its index", dir -> raw(dir, Commit.delete(first(dir, "i\0ecr-tags\0")))),
        new Plant(
            "installation.json is missing or damaged",
            dir -> Files.delete(dir.resolve("installation.json"))),
        new Plant(
            "does not say what was sealed when this directory was made",
            dir ->
                Files.writeString(
                    dir.resolve("installation.json"),
                    Files.readString(dir.resolve("installation.json"))
                        .replaceFirst("\"id\":\"[0-9a-f]{12}", "\"id\":\"0123456789ab"))),
        new Plant(
            "1 uploads were under way when the server ended",
            dir -> Files.writeString(dir.resolve("blobs/uploads/7"), "half")),
        new Plant(
            "has other bytes than its digest says\n        -> ./holdfast fsck --repair sets it",
            dir -> flip(dir.resolve(blob), 1)),
        new Plant(
            "has other bytes than its digest says\n        -> ./holdfast fsck --repair sets it",
            dir -> {
              flip(dir.resolve(blob), 1);
              Files.delete(dir.resolve("root.key"));
            }));
  }

  private void anothersKeyring(Path dir) throws IOException {
    Path other = temp.resolve("another");
    Ship.launch(other).close();
    for (String name : List.of("keyring.json", "root.key")) {
      Files.copy(
          other.resolve(name),
          dir.resolve(name),
          StandardCopyOption.REPLACE_EXISTING,
          StandardCopyOption.COPY_ATTRIBUTES);
    }
  }

  private static final String TORN = "has a torn note at the end of its manifest";

  /** What {@code --repair} mends, so that the next look finds nothing wrong. */
  private static final Set<String> MENDED =
      Set.of(
          "root.key is open to others: rw-r--r--",
          TORN,
          "is not in its index",
          "installation.json is missing or damaged",
          "does not say what was sealed when this directory was made",
          "1 uploads were under way when the server ended");

  /** What these plants do not reach, and what does. */
  private static final Set<String> ELSEWHERE =
      Set.of(
          // another owner needs root: test/operator.sh
          "belongs to", ", the directory to", "chown -R");

  @Test
  void everyRuleIsProvokedAndSaysWhatToDoAndIsMendedWhereItSaysSo() throws IOException {
    assertThat(check(copy(), Mode.LOOK).findings()).as("before").noneMatch(Finding::isDamage);
    var said = new StringBuilder();
    for (Plant plant : plants()) {
      Path dir = copy();
      plant.way().in(dir);
      var before = Samples.everything(dir);
      CheckReport report = check(dir, Mode.LOOK);
      assertThat(Samples.everything(dir)).as("a look changes nothing").isEqualTo(before);
      assertThat(report.done()).isEmpty();
      assertThat(texts(report)).as(plant.found()).anyMatch(text -> text.contains(plant.found()));
      report.findings().stream()
          .filter(Finding::isDamage)
          .filter(finding -> !finding.place().equals("the root key:")) // which says it in its words
          .forEach(finding -> assertThat(finding.remedy()).as(finding.text()).isNotEmpty());
      said.append(String.join("\n", texts(report))).append('\n');
      if (MENDED.contains(plant.found())) {
        assertThat(check(dir, Mode.REPAIR).done()).as(plant.found()).isNotEmpty();
        assertThat(texts(check(dir, Mode.LOOK)))
            .as(plant.found() + " is mended")
            .noneMatch(text -> text.startsWith("DAMAGE") || text.contains(plant.found()));
      }
    }
    said.append(never()).append(empty());
    var unheard = new ArrayList<String>();
    for (String check : List.of("FileCheck", "DirectoryCheck")) {
      Path source = Path.of("src/main/java/dev/holdfast/app/" + check + ".java");
      for (String text : FindingTexts.in(source)) {
        if (said.indexOf(text) < 0 && !ELSEWHERE.contains(text)) {
          unheard.add(check + ": " + text);
        }
      }
    }
    assertThat(unheard).as("rules that no damage provokes").isEmpty();
  }

  /** A directory that was killed before its installation was sealed, and lost the file since. */
  private String never() throws IOException {
    Path dir = temp.resolve("never");
    Files.createDirectory(
        dir, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    var random = new SecureRandom();
    Installation installation = Installation.open(dir, null, null, random);
    Foundation.open(dir, installation, random, InstantSource.system(), _ -> {}).close();
    Files.delete(dir.resolve("installation.json"));
    return String.join("\n", texts(check(dir, Mode.LOOK)));
  }

  private String empty() throws IOException {
    return String.join("\n", texts(check(Files.createDirectory(temp.resolve("empty")), Mode.LOOK)));
  }

  @Test
  void aTornNoteIsNoDamageAndCostsNothing() throws IOException {
    for (Mode mode : Mode.values()) {
      Path dir = copy();
      tear(dir);
      assertThat(check(dir, mode).findings()).as("%s", mode).noneMatch(Finding::isDamage);
      assertThat(check(dir, Mode.LOOK).findings()).noneMatch(Finding::isDamage);
      Ship.again(dir).close();
    }
  }

  @Test
  void lossIsAcceptedWhereItIsAskedForAndTheRestServesOn() throws IOException {
    Path dir = copy();
    try (Ship ship = Ship.again(dir)) {
      for (int i = 0; i < 50; i++) {
        ship.push("more-" + i, new byte[] {(byte) i});
      }
    }
    flip(log(dir), (int) Files.size(log(dir)) / 2);
    assertThat(check(dir, Mode.REPAIR).done()).as("loss is no repair").isEmpty();
    CheckReport report = check(dir, Mode.ACCEPT_LOSS);
    assertThat(report.done())
        .anyMatch(
            text ->
                text.matches("the state ends at revision \\d+ now; \\d+ acknowledged .*(?s).*"));
    assertThat(check(dir, Mode.LOOK).findings())
        .as("the rest is whole, but for what went with it")
        .noneMatch(finding -> finding.place().equals("the state:"));
    Ship.again(dir).close();
  }

  @Test
  void aDamagedBlobIsSetAsideByARepair() throws IOException {
    Path dir = copy();
    flip(dir.resolve(blob), 1);
    assertThat(check(dir, Mode.REPAIR).done()).anyMatch(text -> text.contains("quarantine"));
    assertThat(dir.resolve(blob)).doesNotExist();
    assertThat(texts(check(dir, Mode.LOOK)))
        .anyMatch(text -> text.contains("is missing, or was damaged and set aside"));
  }
}
