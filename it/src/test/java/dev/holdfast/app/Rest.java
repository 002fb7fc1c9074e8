// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import dev.holdfast.ecs.control.Housekeeping;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.port.Roles;
import dev.holdfast.ecs.state.Past;
import dev.holdfast.ecs.state.Tasks;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.JsonValue.JsonNumber;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.store.Entry;
import dev.holdfast.store.Key;
import dev.holdfast.store.KeyRange;
import dev.holdfast.store.Snapshot;
import dev.holdfast.store.Tx;
import dev.holdfast.store.View;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A platform that nobody uses at the moment: every chore of its housekeeping is done, what is kept
 * for a time after its end is forgotten at once, and what is left is weighed. Where all that was
 * made is removed again, that is the same each time.
 */
final class Rest {
  private static final int PAGE = 1_000;

  /** Longer than anything is kept after its end. */
  private static final Duration LONG = Duration.ofDays(1_000);

  /**
   * The journal keeps its events for a week and 10,000 of them, whatever becomes of the tasks; a
   * family keeps its last number for good, since none is given twice.
   */
  private static final Set<String> APART =
      Set.of(EcsTables.JOURNAL.name(), EcsTables.FAMILIES.name());

  private Rest() {}

  /** Does every chore, as if a long time had gone by since anything ended. */
  static void settle(Foundation foundation, Platform platform) throws IOException {
    Instant now = platform.confirmClock();
    platform.tidy();
    var tasks = new Housekeeping(foundation.state(), new Tasks(new NoRoles()));
    tasks.sweep(now); // some things are kept from when it saw them first
    tasks.sweep(now.plus(LONG));
    for (AccountId account : platform.iam().accounts().all()) {
      platform.iam().sessions().sweep(account, now.plus(LONG));
    }
    platform.iam().keepLastUses(now.plus(LONG));
    Past.prune(foundation.state(), now.plus(LONG));
    platform.directory().collector().collect(now.plus(LONG));
  }

  /**
   * Weighs.
   *
   * @return {@code rows}, the bytes of all live rows and index entries but those of the tables
   *     apart; {@code blobs}, the bytes of all blobs; {@code tables}, the bytes of the rows by
   *     table
   */
  static JsonObject weigh(Foundation foundation, Path dir) throws IOException {
    JsonObject tables = JsonObject.EMPTY;
    long rows = 0;
    for (var table : tables(foundation).entrySet()) {
      tables = tables.with(table.getKey(), JsonNumber.of(table.getValue()));
      rows += APART.contains(table.getKey()) ? 0 : table.getValue();
    }
    return JsonObject.EMPTY
        .with("rows", JsonNumber.of(rows))
        .with("blobs", JsonNumber.of(blobs(dir.resolve("blobs"))))
        .with("tables", tables);
  }

  private static Map<String, Long> tables(Foundation foundation) {
    var sizes = new TreeMap<String, Long>();
    try (Snapshot snapshot = foundation.store().read()) {
      List<Entry> page = snapshot.list(KeyRange.ALL, PAGE);
      while (!page.isEmpty()) {
        for (Entry entry : page) {
          sizes.merge(
              table(entry.key()), (long) entry.key().length() + entry.value().length, Long::sum);
        }
        page = snapshot.list(KeyRange.ALL.after(page.getLast().key()), PAGE);
      }
    }
    return sizes;
  }

  /** The second segment of a key, of a row as of an index entry. */
  private static String table(Key key) {
    String[] segments = new String(key.bytes(), StandardCharsets.ISO_8859_1).split("\0", 3);
    return segments.length > 1 ? segments[1] : segments[0];
  }

  private static long blobs(Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      long size = 0;
      for (Path file : walk.filter(Files::isRegularFile).toList()) {
        size += Files.size(file);
      }
      return size;
    }
  }

  /** Tasks without roles have no sessions. */
  private static final class NoRoles implements Roles {
    @Override
    public Optional<Role> find(View view, Arn role, Arn source) {
      return Optional.empty();
    }

    @Override
    public Optional<Drawn> draw(Wanted wanted, Arn source, Instant now) {
      return Optional.empty();
    }

    @Override
    public void end(Tx tx, Arn role, Collection<String> sessionIds, Instant now) {}
  }
}
