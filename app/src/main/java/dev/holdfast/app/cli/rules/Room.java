// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli.rules;

import dev.holdfast.app.cli.CliFailure;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether a proposal fits into IAM's bounds, step by step, looked at before the first step: one
 * that fails halfway leaves a role between two states.
 */
final class Room {
  private static final int MOST_VERSIONS = 5;
  private static final int LONGEST_NAME = 128;
  private static final long LARGEST_MANAGED = 6_144;
  private static final long LARGEST_INLINE = 10_240;

  /** The role's inline policies by name, with the characters that count. */
  private final Map<String, Long> inline = new HashMap<>();

  /** Names of inline policies by the ARN of what they stand in place of. */
  private final Map<String, String> inPlace = new HashMap<>();

  private Room() {}

  /**
   * Goes through the steps.
   *
   * @throws CliFailure where one would be refused
   */
  static Room of(List<JsonObject> policies) {
    var room = new Room();
    for (JsonObject policy : policies) {
      if (policy.string("arn") == null) {
        room.inline.put(ShrinkChanges.need(policy, "name"), size(policy.string("now")));
      }
    }
    for (JsonObject policy : policies) {
      if (policy.isTrue("changed")) {
        room.step(policy);
      }
    }
    return room;
  }

  private void step(JsonObject policy) {
    String name = ShrinkChanges.need(policy, "name");
    String arn = policy.string("arn");
    String proposed = policy.string("proposed");
    if (arn == null) {
      inline.put(name, size(proposed));
    } else if (proposed != null && policy.isTrue("alone")) {
      requireVersion(policy, size(proposed));
    } else if (proposed != null) {
      String own = free(name);
      inPlace.put(arn, own);
      inline.put(own, size(proposed));
    }
    long all = inline.values().stream().mapToLong(Long::longValue).sum();
    if (all > LARGEST_INLINE) {
      throw new CliFailure(
          "nothing is changed: with what is proposed for the policy %s the role's inline policies have %d characters, of %d that fit"
              .formatted(Said.text(policy, "name"), all, LARGEST_INLINE));
    }
  }

  private static void requireVersion(JsonObject policy, long size) {
    String name = Said.text(policy, "name");
    if (Said.number(policy, "versions") >= MOST_VERSIONS) {
      throw new CliFailure(
          "the policy "
              + name
              + " has five versions; delete one that is not in force, then try again");
    }
    if (size > LARGEST_MANAGED) {
      throw new CliFailure(
          "nothing is changed: what is proposed for the policy %s has %d characters, of %d that fit"
              .formatted(name, size, LARGEST_MANAGED));
    }
  }

  /** A name that the role has no inline policy of, cut where it would be too long. */
  private String free(String name) {
    String end = "-least";
    for (int i = 2; ; i++) {
      String own = name.substring(0, Math.min(name.length(), LONGEST_NAME - end.length())) + end;
      if (!inline.containsKey(own)) {
        return own;
      }
      end = "-least-" + i;
    }
  }

  /** The name of the inline policy in place of a managed one; null where none is needed. */
  @Nullable String inPlaceOf(String arn) {
    return inPlace.get(arn);
  }

  private static long size(@Nullable String text) {
    return text == null ? 0 : text.chars().filter(c -> !Character.isWhitespace(c)).count();
  }
}
