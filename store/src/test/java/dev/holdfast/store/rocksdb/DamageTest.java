// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.store.Commit;
import dev.holdfast.store.Entry;
import dev.holdfast.store.Key;
import dev.holdfast.store.KeyRange;
import dev.holdfast.store.Snapshot;
import dev.holdfast.store.StoreDamaged;
import dev.holdfast.store.StoreUnavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever happens to a store's files, it opens with all that was acknowledged or not at all. */
final class DamageTest {
  private static final int COMMITS = 400;
  private static final boolean LONG = "corrupt".equals(System.getenv("HOLDFAST_LONG"));
  private static final int FLIPS = LONG ? 400 : 12;
  private static final int CUTS = LONG ? 50 : 5;

  @TempDir private Path folder;

  private final Random random = new Random(20261125);
  private List<Entry> written = List.of();

  /** A way to hurt a file. */
  private record Damage(String name, Hurt hurt) {}

  private interface Hurt {
    void on(Path file) throws IOException;
  }

  /** A store with table files, a log, and files of former lives. */
  private Path make() {
    Path directory = folder.resolve("whole");
    for (int life = 0; life < 3; life++) {
      try (var store = RocksStore.open(directory)) {
        for (int i = 0; i < COMMITS; i++) {
          byte[] value = new byte[random.nextInt(600)];
          random.nextBytes(value);
          store.commit(Commit.put(Key.of("k" + life + "/" + i), value));
          if (i == COMMITS / 2) {
            store.flush();
          }
        }
        written = all(store);
      }
    }
    return directory;
  }

  private static List<Entry> all(RocksStore store) {
    try (Snapshot snapshot = store.read()) {
      return snapshot.list(KeyRange.ALL, Integer.MAX_VALUE);
    }
  }

  private static boolean same(List<Entry> left, List<Entry> right) {
    if (left.size() != right.size()) {
      return false;
    }
    for (int i = 0; i < left.size(); i++) {
      Entry a = left.get(i);
      Entry b = right.get(i);
      if (!a.key().equals(b.key())
          || !a.modRevision().equals(b.modRevision())
          || !Arrays.equals(a.value(), b.value())) {
        return false;
      }
    }
    return true;
  }

  private List<Damage> damages(long size) {
    var damages = new ArrayList<Damage>();
    damages.add(new Damage("missing", Files::delete));
    damages.add(new Damage("empty", file -> Files.write(file, new byte[0])));
    damages.add(new Damage("foreign", file -> Files.writeString(file, "not what was here\n")));
    for (int i = 0; i < CUTS; i++) {
      int length = random.nextInt((int) size);
      damages.add(new Damage("cut to " + length, file -> cut(file, length)));
    }
    int back = 1 + random.nextInt(12);
    damages.add(new Damage("torn by " + back, file -> cut(file, (int) Files.size(file) - back)));
    for (int i = 0; i < FLIPS; i++) {
      int at =
          i < FLIPS / 4
              ? (int) Math.max(0, size - 1 - random.nextInt(4000))
              : random.nextInt((int) size);
      int bit = 1 << random.nextInt(8);
      damages.add(new Damage("bit " + bit + " of byte " + at, file -> flip(file, at, bit)));
    }
    int zeros = random.nextInt((int) size);
    damages.add(new Damage("zeros at " + zeros, file -> zero(file, zeros)));
    return damages;
  }

  private static void cut(Path file, int length) throws IOException {
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), Math.max(0, length)));
  }

  private static void flip(Path file, int at, int bit) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[at] ^= (byte) bit;
    Files.write(file, bytes);
  }

  private static void zero(Path file, int at) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    Arrays.fill(bytes, at, Math.min(bytes.length, at + 512), (byte) 0);
    Files.write(file, bytes);
  }

  @Test
  void opensWithEverythingAcknowledgedOrNotAtAll() throws IOException {
    Path whole = make();
    var outcomes = new TreeMap<String, Integer>();
    var silent = new ArrayList<String>();
    int number = 0;
    for (Path file : files(whole)) {
      String name = file.getFileName().toString();
      if (Files.size(file) == 0 || name.startsWith("LOG")) {
        continue;
      }
      for (Damage damage : damages(Files.size(file))) {
        Path copy = copy(whole, folder.resolve("copy" + number++));
        damage.hurt().on(copy.resolve(name));
        String kind = name.replaceAll("[0-9]+", "N");
        outcomes.merge(kind + ": " + outcome(copy, name, damage, silent), 1, Integer::sum);
        remove(copy);
      }
    }
    System.getLogger("damage-test").log(System.Logger.Level.INFO, outcomes);
    assertThat(silent).isEmpty();
  }

  /** Opens a damaged copy; what is neither whole nor refused is {@code silent}. */
  private String outcome(Path copy, String name, Damage damage, List<String> silent)
      throws IOException {
    List<String> before = names(copy);
    try (var store = RocksStore.open(copy)) {
      if (!same(all(store), written)) {
        silent.add(name + " " + damage.name() + ": opened with less");
        return "lost";
      }
      return "recovered";
    } catch (StoreDamaged e) {
      if (!names(copy).containsAll(before)) {
        silent.add(name + " " + damage.name() + ": refused after files were deleted");
      }
      if (!String.valueOf(e.getMessage()).contains(copy.toString())) {
        silent.add(name + " " + damage.name() + ": names no file: " + e.getMessage());
      }
      return "refused";
    } catch (StoreUnavailable e) {
      silent.add(name + " " + damage.name() + ": is not said to be damage: " + e);
      return "failed";
    }
  }

  /** The data files, which nothing may delete where opening is refused. */
  private static List<String> names(Path directory) throws IOException {
    return files(directory).stream()
        .map(file -> file.getFileName().toString())
        .filter(name -> name.endsWith(".sst") || name.endsWith(".log") || name.startsWith("MAN"))
        .toList();
  }

  private static List<Path> files(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static Path copy(Path from, Path to) throws IOException {
    Files.createDirectory(to);
    for (Path file : files(from)) {
      Files.copy(file, to.resolve(file.getFileName()));
    }
    return to;
  }

  private static void remove(Path directory) throws IOException {
    try (var walk = Files.walk(directory)) {
      for (Path path : walk.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(path);
      }
    }
  }

  /** RocksDB alone waits for ever on a manifest like this one. */
  @Test
  void refusesARecordTypeThatKeepsTheEngineBusyForEver() throws IOException {
    Path whole = make();
    Path manifest =
        files(whole).stream()
            .filter(file -> file.getFileName().toString().startsWith("MANIFEST"))
            .findFirst()
            .orElseThrow();
    byte[] bytes = Files.readAllBytes(manifest);
    int at = 0;
    int last = 0;
    while (at < bytes.length) {
      last = at;
      at += 7 + Byte.toUnsignedInt(bytes[at + 4]) + (Byte.toUnsignedInt(bytes[at + 5]) << 8);
    }
    flip(manifest, last + 6, 4);
    assertThatThrownBy(() -> RocksStore.open(whole))
        .isInstanceOf(StoreDamaged.class)
        .hasMessageContaining("is damaged at byte " + last);
  }

  @Test
  void makesNoNewStoreWhereOneMustBe() throws IOException {
    Path gone = folder.resolve("gone");
    assertThatThrownBy(() -> RocksStore.openExisting(gone)).isInstanceOf(StoreDamaged.class);
    Path empty = Files.createDirectory(folder.resolve("empty"));
    assertThatThrownBy(() -> RocksStore.openExisting(empty)).isInstanceOf(StoreDamaged.class);
    assertThat(files(empty)).isEmpty();
    assertThat(gone).doesNotExist();
  }

  @Test
  void givesUpWhatCannotBeReadOnlyWhenAskedTo() throws IOException {
    Path whole = make();
    Path log =
        files(whole).stream().filter(file -> file.toString().endsWith(".log")).findFirst().get();
    flip(log, (int) Files.size(log) / 2, 4);
    assertThatThrownBy(() -> RocksStore.open(whole)).isInstanceOf(StoreDamaged.class);
    RocksStore.Loss loss = RocksStore.acceptLoss(whole, folder.resolve("aside"));
    assertThat(loss.acknowledged()).isEqualTo(new dev.holdfast.store.Revision(3 * COMMITS));
    assertThat(loss.there().number()).isLessThan(3 * COMMITS).isGreaterThan(2 * COMMITS);
    assertThat(folder.resolve("aside").resolve(log.getFileName())).exists();
    try (var store = RocksStore.open(whole)) {
      assertThat(all(store)).hasSize((int) loss.there().number());
    }
  }

  @Test
  void readsWithoutChangingAnything() throws IOException {
    Path whole = make();
    List<String> before = names(whole);
    try (var store = RocksStore.openReadOnly(whole)) {
      assertThat(same(all(store), written)).isTrue();
      assertThatThrownBy(() -> store.commit(Commit.put(Key.of("k"), new byte[1])))
          .isInstanceOf(StoreUnavailable.class);
    }
    assertThat(names(whole)).isEqualTo(before);
  }
}
