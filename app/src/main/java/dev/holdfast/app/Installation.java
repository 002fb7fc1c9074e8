// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Ids;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.RecordCodec;
import dev.holdfast.kit.Spelling;
import dev.holdfast.kit.disk.Disk;
import dev.holdfast.service.Profile;
import dev.holdfast.service.State;
import dev.holdfast.store.Table;
import dev.holdfast.store.View;
import dev.holdfast.store.space.Urgency;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an installation is, for as long as its data directory lives.
 *
 * @param id 12 hex digits, carried by networks, rules and labels, so that two installations on one
 *     host never meet
 * @param account the account of the local operator
 * @param rootKey where the root key lies
 */
record Installation(String id, Profile profile, AccountId account, String rootKey) {
  static final String FILE = "installation.json";

  private static final String REPAIR =
      "Nothing was changed. Bring it back from its sealed copy: ./holdfast fsck --repair --data-dir %s";

  private static final Pattern ID = Pattern.compile("[0-9a-f]{12}");

  static final Table<String, Installation> SEALED =
      Table.of("installation", Installation.class, List::of);

  private static final List<String> KEYS = List.of("id", "profile", "account", "rootKey");

  private static final RecordCodec<Installation> CODEC = RecordCodec.of(Installation.class);

  /**
   * The installation of a data directory, new where the directory is.
   *
   * @throws Refusal where the options ask for another profile than the directory has
   */
  static Installation open(
      Path dataDir, @Nullable Profile wanted, @Nullable Path rootKey, RandomGenerator random)
      throws IOException {
    return open(dataDir, wanted, rootKey, random, Disk.local());
  }

  /** As {@link #open(Path, Profile, Path, RandomGenerator)}, on a given disk. */
  static Installation open(
      Path dataDir,
      @Nullable Profile wanted,
      @Nullable Path rootKey,
      RandomGenerator random,
      Disk disk)
      throws IOException {
    // A process that was killed may have left files whose names are not durable yet. What this
    // start finds it rests on, so they are from here on: this file, the keyring, the folders.
    disk.syncDirectory(dataDir);
    if (Files.exists(dataDir.resolve(Restore.UNFINISHED))) {
      throw new Refusal(
          "a restore into %s was interrupted; restore again, or remove the folder"
              .formatted(dataDir));
    }
    Path file = dataDir.resolve(FILE);
    if (!Files.exists(file)) {
      if (Files.exists(dataDir.resolve(Foundation.KEYRING))
          || Files.exists(dataDir.resolve("blobs").resolve("sha256"))) {
        throw new Refusal(file + " is missing. " + REPAIR.formatted(dataDir));
      }
      Profile profile = wanted == null ? Profile.DEV : wanted;
      String id = Ids.hex(random, 6);
      Path key = rootKey == null ? RootKey.place(profile, dataDir, id, System.getenv()) : rootKey;
      var fresh = new Installation(id, profile, AccountId.random(random), key.toString());
      disk.replace(file, CODEC.bytes(fresh));
      return fresh;
    }
    Installation known = read(file);
    if (wanted != null && wanted != known.profile()) {
      throw new Refusal(
          "%s is in the profile `%s`, and a directory keeps its profile; use another one: --data-dir DIR"
              .formatted(dataDir, known.profile().name().toLowerCase(Locale.ROOT)));
    }
    return rootKey == null
        ? known
        : new Installation(known.id(), known.profile(), known.account(), rootKey.toString());
  }

  private static Installation read(Path file) throws IOException {
    checkKeys(file);
    return readable(file)
        .orElseThrow(
            () ->
                new Refusal(
                    file
                        + " is not readable as what Holdfast wrote. "
                        + REPAIR.formatted(file.getParent())));
  }

  /** A key that was mistyped in an edit is named, with the right one. */
  private static void checkKeys(Path file) throws IOException {
    Set<String> found;
    try {
      found = Json.parseObject(Files.readAllBytes(file)).members().keySet();
    } catch (Json.MalformedJson _) {
      return; // what is no JSON at all has a refusal of its own
    }
    for (String key : found) {
      if (!KEYS.contains(key)) {
        throw new Refusal(
            "%s has a key `%s`, which means nothing here%s"
                .formatted(
                    file,
                    key,
                    Spelling.nearest(key, KEYS)
                        .map(
                            right ->
                                "; did you mean `"
                                    + right
                                    + "`? "
                                    + REPAIR.formatted(file.getParent()))
                        .orElse(": remove it; its keys are " + String.join(", ", KEYS))));
      }
    }
  }

  /** What the file of a directory says, empty where that is nothing that was ever written. */
  static Optional<Installation> readable(Path file) throws IOException {
    try {
      Installation read = CODEC.read(Files.readAllBytes(file));
      boolean whole =
          Stream.of(read.id(), read.profile(), read.account(), read.rootKey())
              .allMatch(Objects::nonNull);
      return whole && ID.matcher(read.id()).matches() ? Optional.of(read) : Optional.empty();
    } catch (Json.MalformedJson | NoSuchFileException _) {
      return Optional.empty();
    }
  }

  /** What was sealed when the directory was made; null before. */
  static @Nullable Installation sealed(View view) {
    return view.get(SEALED, Table.PLATFORM, "this");
  }

  /** Writes the file again. */
  void write(Path dataDir, Disk disk) throws IOException {
    disk.replace(dataDir.resolve(FILE), CODEC.bytes(this));
  }

  /** Whether this is the same installation as another, wherever its root key lies. */
  boolean same(Installation other) {
    return id.equals(other.id) && profile == other.profile && account.equals(other.account);
  }

  /**
   * Compares the readable file with its sealed copy, which is made at the first start.
   *
   * @throws Refusal where the file was edited
   */
  void confirm(State state) {
    Installation sealed =
        state.own(
            Urgency.VITAL,
            tx -> {
              Installation known = tx.get(SEALED, Table.PLATFORM, "this");
              if (known == null) {
                tx.put(SEALED, Table.PLATFORM, "this", this);
                return this;
              }
              return known;
            });
    if (!same(sealed)) {
      throw new Refusal(
          "installation.json does not say what was sealed when this directory was made (profile `%s`): undo the edit, or ./holdfast fsck --repair"
              .formatted(sealed.profile().name().toLowerCase(Locale.ROOT)));
    }
  }
}
