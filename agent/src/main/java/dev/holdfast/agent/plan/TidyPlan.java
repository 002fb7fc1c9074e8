// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.plan;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What may be removed from a host: nothing that is used, is to be used, is others', or young. */
public final class TidyPlan {
  /** With less room than this part of a disk free, tidying does not wait for its time. */
  static final double NEARLY_FULL = 0.85;

  private TidyPlan() {}

  /**
   * An image that the engine holds.
   *
   * @param digests its names by digest
   * @param tags its names by tag: we give none, so whoever gave one wants it
   * @param size bytes, layers shared with others included
   */
  public record Image(String id, List<String> digests, List<String> tags, long size) {}

  /** When we pulled an image, and when a task last wanted it. */
  public record Pulled(Instant pulledAt, Instant usedAt) {}

  /**
   * What is known.
   *
   * @param pulled what we pulled, by name with digest
   * @param inUse the ids of the images of all containers, whoever made them, in whatever state
   * @param needed the names, by digest, that tasks which have not stopped may want
   */
  public record Facts(
      List<Image> images,
      Map<String, Pulled> pulled,
      Set<String> inUse,
      Set<String> needed,
      Instant now) {}

  /** An image to be removed, by all of its names. */
  public record Removal(String id, List<String> names, long size) {}

  /** The images to remove, those that were wanted longest ago first. */
  public static List<Removal> images(Facts facts, Duration minimumAge, int most) {
    record Old(Image image, Instant used) {}
    var old = new ArrayList<Old>();
    for (Image image : facts.images()) {
      if (removable(image, facts, minimumAge)) {
        Instant used =
            image.digests().stream()
                .map(facts.pulled()::get)
                .filter(Objects::nonNull)
                .map(Pulled::usedAt)
                .max(Comparator.naturalOrder())
                .orElse(Instant.MIN);
        old.add(new Old(image, used));
      }
    }
    old.sort(Comparator.comparing(Old::used).thenComparing(o -> o.image().id()));
    return old.stream()
        .limit(most)
        .map(o -> new Removal(o.image().id(), o.image().digests(), o.image().size()))
        .toList();
  }

  private static boolean removable(Image image, Facts facts, Duration minimumAge) {
    if (image.digests().isEmpty()
        || !image.tags().isEmpty()
        || facts.inUse().contains(image.id())) {
      return false;
    }
    for (String name : image.digests()) {
      Pulled pulled = facts.pulled().get(name);
      if (pulled == null
          || facts.needed().contains(name)
          || young(pulled.pulledAt(), facts.now(), minimumAge)
          || young(pulled.usedAt(), facts.now(), minimumAge)) {
        return false;
      }
    }
    return true;
  }

  /** A time that is still to come is young too: the clock went back. */
  private static boolean young(Instant at, Instant now, Duration age) {
    return at.plus(age).isAfter(now);
  }

  /** Whether a disk is so full that tidying does not wait. */
  public static boolean nearlyFull(long total, long free) {
    return total > 0 && total - free > NEARLY_FULL * total;
  }

  /**
   * A task that has stopped and whose containers are still there.
   *
   * @param at when it stopped
   */
  public record Stopped(String arn, Instant at) {}

  /**
   * The stopped tasks whose containers go before their time: where they are too many, or no room.
   */
  public static List<String> tasks(
      List<Stopped> stopped, int most, boolean full, Duration least, Instant now) {
    List<Stopped> oldest = stopped.stream().sorted(Comparator.comparing(Stopped::at)).toList();
    int tooMany = Math.max(0, oldest.size() - most);
    var gone = new ArrayList<String>();
    for (int i = 0; i < oldest.size(); i++) {
      if (i < tooMany || (full && !young(oldest.get(i).at(), now, least))) {
        gone.add(oldest.get(i).arn());
      }
    }
    return List.copyOf(gone);
  }
}
