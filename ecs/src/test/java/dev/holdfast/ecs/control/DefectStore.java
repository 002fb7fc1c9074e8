// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.control;

import dev.holdfast.store.Commit;
import dev.holdfast.store.Key;
import dev.holdfast.store.KeyRange;
import dev.holdfast.store.Revision;
import dev.holdfast.store.Snapshot;
import dev.holdfast.store.Store;
import dev.holdfast.store.Watch;
import dev.holdfast.store.memory.MemoryStore;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Pattern;

/**
 * A store that keeps some rows other than they were given: what a defect of ours would look like.
 */
final class DefectStore implements Store {
  /** What is wrong. */
  @SuppressWarnings("ImmutableEnumChecker") // it holds functions without state
  enum Defect {
    /** A host has room for one task more than it has. */
    CAPACITY,
    /** No task need be healthy. */
    MINIMUM,
    /** There may be any number of tasks. */
    MAXIMUM,
    /** What a task holds is given back before it has stopped. */
    EARLY_RELEASE,
    /** That a task is to stop is forgotten. */
    STOP,
    /** That a task is a service's is not kept. */
    FORGOTTEN
  }

  private static final Pattern OF_A_SERVICE =
      Pattern.compile("\\{\"key\":\\{\"service\":\\{[^}]*\\},\"task\":");

  private final Store inner = new MemoryStore(1 << 20);
  private final Defect defect;
  private final SplittableRandom random = new SplittableRandom(5);

  DefectStore(Defect defect) {
    this.defect = defect;
  }

  /** A row as it is kept instead; nothing where it is not kept at all. */
  private String lie(String text) {
    return switch (defect) {
      case CAPACITY -> grown(text, "\"cpu\":");
      case MINIMUM -> set(text, "minimumHealthyPercent", 0);
      case MAXIMUM -> set(text, "maximumPercent", 900);
      case EARLY_RELEASE ->
          random.nextInt(4) == 0
              ? text.replaceFirst("\"bookings\":\\[\\{\"task\":[^}]*\\}\\},?", "\"bookings\":[")
              : text;
      case STOP -> text.replace("\"desiredStatus\":\"STOPPED\"", "\"desiredStatus\":\"RUNNING\"");
      case FORGOTTEN ->
          random.nextInt(20) == 0 && OF_A_SERVICE.matcher(text).lookingAt() ? "" : text;
    };
  }

  private static String set(String text, String member, int value) {
    return text.replaceAll("\"" + member + "\":\\d+", "\"" + member + "\":" + value);
  }

  private static String grown(String text, String member) {
    var found = Pattern.compile(member + "(\\d{4,})").matcher(text);
    return text.contains("\"bookings\"") && found.find()
        ? text.substring(0, found.start(1))
            + (Integer.parseInt(found.group(1)) + 512)
            + text.substring(found.end(1))
        : text;
  }

  @Override
  public Revision commit(Commit commit) {
    Map<Key, byte[]> puts = new LinkedHashMap<>();
    commit
        .puts()
        .forEach(
            (key, value) -> {
              String told = new String(value, StandardCharsets.UTF_8);
              String kept = lie(told);
              if (!kept.isEmpty() || told.isEmpty()) {
                puts.put(key, kept.getBytes(StandardCharsets.UTF_8));
              }
            });
    return inner.commit(new Commit(commit.expects(), puts, commit.deletes()));
  }

  @Override
  public Snapshot read() {
    return inner.read();
  }

  @Override
  public Watch watch(List<KeyRange> ranges, Revision after) {
    return inner.watch(ranges, after);
  }

  @Override
  public void close() {
    inner.close();
  }
}
