// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.secrets.plan;

import dev.holdfast.secrets.model.SecretVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Moves staging labels between the versions of a secret. A label is on one version at most; the one
 * that loses {@link #CURRENT} becomes {@link #PREVIOUS}.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html">What's
 *     in a secret</a>
 */
public final class Stages {
  public static final String CURRENT = "AWSCURRENT";
  public static final String PREVIOUS = "AWSPREVIOUS";
  public static final String PENDING = "AWSPENDING";

  /** The most labels of one version. */
  public static final int MOST = 20;

  /** The most versions that are kept of a secret. */
  public static final int MOST_VERSIONS = 100;

  /** How long a version is kept even without a label. */
  private static final Duration YOUNG = Duration.ofHours(24);

  /** What comes of a move. */
  public sealed interface Outcome {
    /** The versions as they are then, oldest first. */
    record Moved(List<SecretVersion> versions) implements Outcome {
      public Moved {
        versions = List.copyOf(versions);
      }
    }

    /** The move is not possible; in AWS's words. */
    record Invalid(String text) implements Outcome {}

    /** The version would have more labels than it may. */
    record TooMany() implements Outcome {}
  }

  private Stages() {}

  /**
   * A new version among the others, which takes its labels from them.
   *
   * @param all oldest first
   */
  public static List<SecretVersion> add(List<SecretVersion> all, SecretVersion fresh) {
    List<String> stages = fresh.stages();
    if (all.isEmpty() && !stages.contains(CURRENT)) {
      var more = new ArrayList<>(stages);
      more.add(CURRENT);
      stages = more;
    }
    var versions = new ArrayList<>(all);
    versions.add(fresh.at(List.of()));
    for (String stage : stages) {
      versions = new ArrayList<>(attach(versions, stage, fresh.id()));
    }
    return List.copyOf(versions);
  }

  /**
   * What remains where a version more makes too many: deprecated ones older than a day go, oldest
   * first.
   *
   * @return empty where none may go
   */
  public static Optional<List<SecretVersion>> room(List<SecretVersion> all, Instant now) {
    var kept = new ArrayList<>(all);
    for (SecretVersion version : all) {
      if (kept.size() < MOST_VERSIONS) {
        break;
      }
      if (version.stages().isEmpty() && version.created().plus(YOUNG).isBefore(now)) {
        kept.remove(version);
      }
    }
    return kept.size() < MOST_VERSIONS ? Optional.of(List.copyOf(kept)) : Optional.empty();
  }

  /**
   * Moves, adds or removes one label, as {@code UpdateSecretVersionStage} does.
   *
   * @param from the version that loses it, or null
   * @param to the version that gets it, or null
   */
  public static Outcome move(
      List<SecretVersion> all, String stage, @Nullable String from, @Nullable String to) {
    if (from == null && to == null) {
      return new Outcome.Invalid(
          "You must provide a value for RemoveFromVersionId, MoveToVersionId, or both.");
    }
    for (String id : new @Nullable String[] {from, to}) {
      if (id != null && all.stream().noneMatch(v -> v.id().equals(id))) {
        return new Outcome.Invalid("Not a valid version: " + id);
      }
    }
    Optional<SecretVersion> holder =
        all.stream().filter(v -> v.stages().contains(stage)).findFirst();
    String holds = holder.map(SecretVersion::id).orElse(null);
    if (from != null && !from.equals(holds)) {
      return new Outcome.Invalid("Version stage " + stage + " not found in version " + from);
    }
    if (to == null) {
      return stage.equals(CURRENT)
          ? new Outcome.Invalid(
              "You can only move staging label AWSCURRENT to a different secret version. It can't"
                  + " be completely removed.")
          : new Outcome.Moved(all.stream().map(v -> without(v, stage)).toList());
    }
    if (to.equals(holds)) {
      return new Outcome.Moved(all);
    }
    if (holds != null && from == null) {
      return new Outcome.Invalid(
          "The parameter RemoveFromVersionId can't be empty. Staging label "
              + stage
              + " is currently attached to version "
              + holds
              + ", so you must explicitly reference that version in RemoveFromVersionId.");
    }
    List<SecretVersion> moved = attach(all, stage, to);
    return moved.stream().anyMatch(v -> v.stages().size() > MOST)
        ? new Outcome.TooMany()
        : new Outcome.Moved(moved);
  }

  private static List<SecretVersion> attach(List<SecretVersion> all, String stage, String to) {
    String loser =
        all.stream()
            .filter(v -> v.stages().contains(stage) && !v.id().equals(to))
            .map(SecretVersion::id)
            .findFirst()
            .orElse(null);
    List<SecretVersion> moved =
        all.stream().map(v -> v.id().equals(to) ? withStage(v, stage) : without(v, stage)).toList();
    return stage.equals(CURRENT) && loser != null ? attach(moved, PREVIOUS, loser) : moved;
  }

  private static SecretVersion withStage(SecretVersion version, String stage) {
    if (version.stages().contains(stage)) {
      return version;
    }
    var stages = new ArrayList<>(version.stages());
    // A version that is current again is not the one before it any more.
    if (stage.equals(CURRENT)) {
      stages.remove(PREVIOUS);
    }
    stages.add(stage);
    return version.at(stages);
  }

  private static SecretVersion without(SecretVersion version, String stage) {
    return version.stages().contains(stage)
        ? version.at(version.stages().stream().filter(s -> !s.equals(stage)).toList())
        : version;
  }
}
