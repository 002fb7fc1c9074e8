// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.model;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Ids;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of a task that has stopped, longer than the API shows it.
 *
 * @param task its key when it lived
 * @param definition family and revision
 * @param host where it ran
 */
public record StoppedTask(
    Key key,
    Task.Key task,
    String definition,
    String group,
    @Nullable String startedBy,
    String launchType,
    String host,
    Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable String stopCode,
    @Nullable String reason,
    List<Ended> containers) {

  /** How long one is remembered, and how many of an account at most, are limits of {@code Past}. */
  public record Key(AccountId account, Instant stoppedAt, String id) {
    /** The newest first. */
    public List<String> segments() {
      return List.of(newestFirst(stoppedAt), id);
    }
  }

  /** A container as it ended. */
  public record Ended(
      String name,
      String image,
      @Nullable String digest,
      boolean essential,
      @Nullable Integer exitCode,
      @Nullable String reason) {}

  /** A text that sorts before those of earlier times. */
  static String newestFirst(Instant at) {
    return Ids.padded(LATEST - Math.clamp(at.toEpochMilli(), 0, LATEST), 13);
  }

  private static final long LATEST = 9_999_999_999_999L;

  public static StoppedTask of(Task task, Instant at) {
    return new StoppedTask(
        new Key(task.key().account(), at, task.key().id()),
        task.key(),
        task.launch().definition().family() + ":" + task.launch().definition().revision(),
        task.launch().group(),
        task.launch().startedBy(),
        task.launch().launchType(),
        task.place().host(),
        task.status().times().createdAt(),
        task.status().times().startedAt(),
        task.status().stopCode(),
        task.status().stoppedReason(),
        task.containers().stream()
            .map(
                c ->
                    new Ended(
                        c.name(),
                        c.image(),
                        c.imageDigest(),
                        c.essential(),
                        c.exitCode(),
                        c.reason()))
            .toList());
  }
}
