// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Widens an ARN where it holds an id that is drawn anew each time, such as a task's: a policy that
 * named it would fit the past alone.
 */
final class PlatformIds {

  /** A form of ARN and what stands in place of its id. */
  private record Rule(Pattern form, String replacement) {}

  private static final List<Rule> RULES =
      List.of(
          new Rule(
              Pattern.compile(
                  "(arn:aws:ecs:[^:]*:[^:]*:(?:task|container-instance)/.*?)[0-9a-f]{32}"),
              "$1*"),
          new Rule(
              Pattern.compile(
                  "(arn:aws:ecs:[^:]*:[^:]*:service-(?:deployment|revision)/[^/]+/[^/]+/)[^/]+"),
              "$1*"),
          new Rule(
              Pattern.compile("(arn:aws:ecs:[^:]*:[^:]*:task-definition/[^/:]+:)[0-9]+"), "$1*"),
          new Rule(
              Pattern.compile("(arn:aws:logs:[^:]*:[^:]*:log-group:[^:]+:log-stream:).+"), "$1*"));

  private PlatformIds() {}

  /** The ARN, with an asterisk for such an id. */
  static String widened(String arn) {
    for (Rule rule : RULES) {
      var matcher = rule.form().matcher(arn);
      if (matcher.matches()) {
        return matcher.replaceFirst(rule.replacement());
      }
    }
    return arn;
  }
}
