// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.tidy;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * When the agent tidies, by the variables of the Amazon ECS agent and with its defaults (Amazon ECS
 * Developer Guide, "Amazon ECS container agent configuration").
 *
 * @param images whether images are removed: {@code ECS_DISABLE_IMAGE_CLEANUP}
 * @param interval between rounds: {@code ECS_IMAGE_CLEANUP_INTERVAL}, at least 10 minutes
 * @param minimumAge of an image since it was pulled: {@code ECS_IMAGE_MINIMUM_CLEANUP_AGE}
 * @param most images a round: {@code ECS_NUM_IMAGES_DELETE_PER_CYCLE}
 * @param stopped how long the containers of a stopped task are left: {@code
 *     ECS_ENGINE_TASK_CLEANUP_WAIT_DURATION}, at least a minute
 */
public record TidySettings(
    boolean images, Duration interval, Duration minimumAge, int most, Duration stopped) {
  private static final Pattern DURATION =
      Pattern.compile("(?:([0-9]{1,6})h)?(?:([0-9]{1,6})m)?(?:([0-9]{1,6})s)?");

  /** Those of an environment; what cannot be read, or is less than the least, is the default. */
  public static TidySettings of(Map<String, String> environment) {
    return new TidySettings(
        !"true".equals(environment.get("ECS_DISABLE_IMAGE_CLEANUP")),
        time(
            environment.get("ECS_IMAGE_CLEANUP_INTERVAL"),
            Duration.ofMinutes(10),
            Duration.ofMinutes(30)),
        time(
            environment.get("ECS_IMAGE_MINIMUM_CLEANUP_AGE"),
            Duration.ofMinutes(1),
            Duration.ofHours(1)),
        number(environment.get("ECS_NUM_IMAGES_DELETE_PER_CYCLE")),
        time(
            environment.get("ECS_ENGINE_TASK_CLEANUP_WAIT_DURATION"),
            Duration.ofMinutes(1),
            Duration.ofHours(3)));
  }

  private static int number(@Nullable String text) {
    return text != null && text.matches("[1-9][0-9]{0,3}") ? Integer.parseInt(text) : 5;
  }

  /** A duration as Go writes it: {@code 1h30m}. */
  private static Duration time(@Nullable String text, Duration least, Duration otherwise) {
    if (text == null || text.isEmpty()) {
      return otherwise;
    }
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      return otherwise;
    }
    Duration time =
        Duration.ofHours(part(matcher.group(1)))
            .plusMinutes(part(matcher.group(2)))
            .plusSeconds(part(matcher.group(3)));
    return time.compareTo(least) < 0 ? otherwise : time;
  }

  private static long part(@Nullable String digits) {
    return digits == null ? 0 : Long.parseLong(digits);
  }
}
