// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.registry.model.Digest;
import dev.holdfast.registry.plan.LifecyclePolicy.Candidate;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LifecyclePolicyTest {
  private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");

  private static Digest digest(String name) {
    return Digest.of(name.getBytes(StandardCharsets.UTF_8));
  }

  private static Candidate image(String name, int daysOld, String... tags) {
    return new Candidate(digest(name), NOW.minus(Duration.ofDays(daysOld)), List.of(tags));
  }

  private static String rule(int priority, String selection) {
    return """
    {"rulePriority":%d,"description":"d","selection":{%s},"action":{"type":"expire"}}"""
        .formatted(priority, selection);
  }

  private static LifecyclePolicy policy(String... rules) {
    try {
      return LifecycleParser.parse("{\"rules\":[" + String.join(",", rules) + "]}");
    } catch (LifecycleParser.Malformed e) {
      throw new AssertionError(e);
    }
  }

  private static String prefix(String prefix, int keep) {
    return """
    "tagStatus":"tagged","tagPrefixList":["%s"],"countType":"imageCountMoreThan","countNumber":%d"""
        .formatted(prefix, keep);
  }

  private static final String OLD_UNTAGGED =
      """
      "tagStatus":"untagged","countType":"sinceImagePushed","countUnit":"days","countNumber":14""";

  private static final String ANY =
      "\"tagStatus\":\"any\",\"countType\":\"imageCountMoreThan\",\"countNumber\":1";

  private static Set<Digest> digests(String... names) {
    return Set.copyOf(List.of(names).stream().map(LifecyclePolicyTest::digest).toList());
  }

  @Test
  void untaggedImagesGoByAge() {
    var images = List.of(image("old", 14), image("new", 13), image("kept", 99, "1"));
    assertThat(policy(rule(1, OLD_UNTAGGED)).expired(images, NOW))
        .isEqualTo(Map.of(digest("old"), 1));
  }

  @Test
  void theNewestStayWhereTheirNumberDecides() {
    var images =
        List.of(image("a", 3, "v1"), image("b", 1, "v3"), image("c", 2, "v2"), image("d", 9, "x"));
    assertThat(policy(rule(5, prefix("v", 1))).expired(images, NOW).keySet())
        .isEqualTo(digests("a", "c"));
  }

  @Test
  void aRuleWithSeveralPrefixesMeansImagesThatHaveThemAll() {
    String both =
        """
        "tagStatus":"tagged","tagPatternList":["a*","*z"],"countType":"imageCountMoreThan",
        "countNumber":1""";
    var images =
        List.of(image("one", 3, "a1"), image("both", 2, "a2", "2z"), image("single", 4, "az"));
    assertThat(policy(rule(1, both)).expired(images, NOW).keySet()).isEqualTo(digests("single"));
  }

  /** AWS's own example of rules that meet: what the first identifies is the first's to decide. */
  @Test
  void whatAnEarlierRuleKeepsALaterOneDoesNotTake() {
    var images =
        List.of(
            image("A", 10, "beta-1", "prod-1"),
            image("B", 9, "beta-2", "prod-2"),
            image("C", 8, "beta-3"));
    assertThat(policy(rule(1, prefix("prod", 1)), rule(2, prefix("beta", 1))).expired(images, NOW))
        .isEqualTo(Map.of(digest("A"), 1));
    assertThat(policy(rule(1, prefix("prod", 1)), rule(2, ANY)).expired(images, NOW).keySet())
        .isEqualTo(digests("A"));
    assertThat(policy(rule(1, ANY)).expired(images, NOW).keySet()).isEqualTo(digests("A", "B"));
  }

  @Test
  void whatIsLeftAfterOneRunIsLeftAfterTheNext() {
    var random = new Random(7);
    for (int round = 0; round < 500; round++) {
      var images = new ArrayList<Candidate>();
      for (int i = 0; i < random.nextInt(12); i++) {
        String[] tags =
            random
                .ints(random.nextInt(3), 0, 4)
                .mapToObj(n -> "ab".charAt(n % 2) + "-" + n)
                .toArray(String[]::new);
        images.add(image("i" + i, random.nextInt(30), tags));
      }
      LifecyclePolicy policy =
          policy(
              rule(1, prefix("a", 1 + random.nextInt(3))),
              rule(2, prefix("b", 1 + random.nextInt(3))),
              rule(3, OLD_UNTAGGED),
              rule(4, ANY));
      Set<Digest> gone = policy.expired(images, NOW).keySet();
      var left = images.stream().filter(image -> !gone.contains(image.digest())).toList();
      if (!images.isEmpty()) {
        assertThat(left.isEmpty() && images.stream().anyMatch(i -> !i.tags().isEmpty())).isFalse();
      }
      Set<Digest> again = policy.expired(left, NOW).keySet();
      assertThat(again).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "no json",
        "{}",
        "{\"rules\":[]}",
        "{\"rules\":[1]}",
        "{\"rules\":[{}],\"more\":1}",
        "{\"rules\":[{\"rulePriority\":1}]}"
      })
  void whatIsNoPolicyIsRefused(String text) {
    assertThatThrownBy(() -> LifecycleParser.parse(text))
        .isInstanceOf(LifecycleParser.Malformed.class);
  }

  @Test
  void whatWouldBeMisreadIsRefusedWithTheReason() {
    refused("`action.type`", rule(1, OLD_UNTAGGED).replace("expire", "transition"));
    refused(
        "targetStorageClass",
        rule(1, OLD_UNTAGGED).replace("\"type\"", "\"targetStorageClass\":null,\"type\""));
    refused("storageClass", rule(1, OLD_UNTAGGED + ",\"storageClass\":\"archive\""));
    refused("countUnit", rule(1, ANY + ",\"countUnit\":\"days\""));
    refused("countUnit `days`", rule(1, OLD_UNTAGGED.replace("days", "weeks")));
    refused("countType", rule(1, OLD_UNTAGGED.replace("sinceImagePushed", "sinceImagePulled")));
    refused("needs one of tagPrefixList", rule(1, ANY.replace("any", "tagged")));
    refused("go with tagStatus `tagged`", rule(1, ANY + ",\"tagPrefixList\":[\"a\"]"));
    refused("whole number", rule(1, ANY.replace(":1", ":0")));
    refused("is there twice", rule(1, ANY), rule(1, OLD_UNTAGGED));
    refused("highest rulePriority", rule(1, ANY), rule(2, OLD_UNTAGGED));
    refused("two rules select the same", rule(1, OLD_UNTAGGED), rule(2, OLD_UNTAGGED));
  }

  private static void refused(String why, String... rules) {
    assertThatThrownBy(() -> LifecycleParser.parse("{\"rules\":[" + String.join(",", rules) + "]}"))
        .isInstanceOf(LifecycleParser.Malformed.class)
        .hasMessageContaining(why);
  }
}
