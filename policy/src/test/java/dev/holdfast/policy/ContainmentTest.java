// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What is not proved to lie within a policy is not said to. */
class ContainmentTest {
  private static boolean within(String narrow, String wide) {
    return Containment.within(Cases.identity(narrow).document(), Cases.identity(wide).document());
  }

  private static String deny(String actions, String resources) {
    return "{'Effect':'Deny','Action':" + actions + ",'Resource':" + resources + "}";
  }

  @Test
  void aDenyThatNamesOneThingTwiceDoesNotStandForOneOfTwo() {
    assertThat(within(deny("['iam:A','iam:A']", "'*'"), deny("['iam:A','iam:B']", "'*'")))
        .isFalse();
    assertThat(
            within(
                deny("'iam:A'", "['arn:aws:iam::1:role/a','arn:aws:iam::1:role/a']"),
                deny("'iam:A'", "['arn:aws:iam::1:role/a','arn:aws:iam::1:role/b']")))
        .isFalse();
  }

  @Test
  void theOrderOfADenyDoesNotMatter() {
    assertThat(within(deny("['iam:A','iam:B']", "'*'"), deny("['iam:B','iam:A']", "'*'"))).isTrue();
    assertThat(
            within(
                deny("'iam:A'", "['arn:aws:iam::1:role/a','arn:aws:iam::1:role/b']"),
                deny("'iam:A'", "['arn:aws:iam::1:role/b','arn:aws:iam::1:role/a']")))
        .isTrue();
  }

  @Test
  void whatIsLeftOutOnceMoreIsNoSmallerPolicy() {
    String twice = "['arn:aws:ecs:r:1:cluster/a','arn:aws:ecs:r:1:cluster/a']";
    String two = "['arn:aws:ecs:r:1:cluster/a','arn:aws:ecs:r:1:cluster/b']";
    String allow = "{'Effect':'Allow','Action':'ecs:*','NotResource':";
    assertThat(within(allow + twice + "}", allow + two + "}")).isFalse();
    assertThat(within(allow + two + "}", allow + two + "}")).isTrue();
    String not = "{'Effect':'Allow','Resource':'*','NotAction':";
    assertThat(within(not + "['ecs:A','ecs:A']}", not + "['ecs:A','ecs:B']}")).isFalse();
    assertThat(within(not + "['ecs:A','ecs:B']}", not + "['ecs:A','ecs:B']}")).isTrue();
  }
}
