// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Ids;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.RecordCodec;
import dev.holdfast.kit.Spelling;
import dev.holdfast.service.Profile;
import dev.holdfast.service.State;
import dev.holdfast.store.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.random.RandomGenerator;
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
  private static final Table<String, Installation> SEALED =
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
    Path file = dataDir.resolve("installation.json");
    if (!Files.exists(file)) {
      Profile profile = wanted == null ? Profile.DEV : wanted;
      String id = Ids.hex(random, 6);
      Path key = rootKey == null ? RootKey.place(profile, dataDir, id, System.getenv()) : rootKey;
      var fresh = new Installation(id, profile, AccountId.random(random), key.toString());
      Files.write(file, CODEC.bytes(fresh));
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
    try {
      byte[] bytes = Files.readAllBytes(file);
      checkKeys(file, Json.parseObject(bytes).members().keySet());
      return CODEC.read(bytes);
    } catch (Json.MalformedJson e) {
      throw new Refusal(file + " is not readable as what Holdfast wrote; restore it from a backup");
    }
  }

  private static void checkKeys(Path file, Set<String> found) {
    for (String key : found) {
      if (!KEYS.contains(key)) {
        throw new Refusal(
            "%s has a key `%s`, which means nothing here%s"
                .formatted(
                    file,
                    key,
                    Spelling.nearest(key, KEYS)
                        .map(right -> "; did you mean `" + right + "`?")
                        .orElse("; its keys are " + String.join(", ", KEYS))));
      }
    }
    for (String key : KEYS) {
      if (!found.contains(key)) {
        throw new Refusal("%s lacks the key `%s`: undo the edit".formatted(file, key));
      }
    }
  }

  /**
   * Compares the readable file with its sealed copy, which is made at the first start.
   *
   * @throws Refusal where the file was edited
   */
  void confirm(State state) {
    Installation sealed =
        state.own(
            tx -> {
              Installation known = tx.get(SEALED, Table.PLATFORM, "this");
              if (known == null) {
                tx.put(SEALED, Table.PLATFORM, "this", this);
                return this;
              }
              return known;
            });
    if (!sealed.id().equals(id)
        || sealed.profile() != profile
        || !sealed.account().equals(account)) {
      throw new Refusal(
          "installation.json does not say what was sealed when this directory was made (profile `%s`): undo the edit"
              .formatted(sealed.profile().name().toLowerCase(Locale.ROOT)));
    }
  }
}
