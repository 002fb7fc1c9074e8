// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.plan;

import dev.holdfast.registry.model.Digest;
import dev.holdfast.registry.model.Wildcards;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which images of a repository are to expire.
 *
 * @param rules by priority
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html">Lifecycle
 *     policies</a>
 */
public record LifecyclePolicy(List<Rule> rules) {
  /** What a rule looks at. */
  public enum TagStatus {
    TAGGED,
    UNTAGGED,
    ANY
  }

  /**
   * One rule.
   *
   * @param patterns an image must have a tag for each of them
   * @param keep how many images stay, or null where age decides
   * @param age how long images stay, or null where their number decides
   */
  public record Rule(
      int priority,
      TagStatus status,
      List<String> patterns,
      @Nullable Integer keep,
      @Nullable Duration age) {
    public Rule {
      patterns = List.copyOf(patterns);
    }

    private boolean identifies(Candidate image) {
      return switch (status) {
        case ANY -> true;
        case UNTAGGED -> image.tags().isEmpty();
        case TAGGED ->
            patterns.stream()
                .allMatch(
                    pattern ->
                        image.tags().stream().anyMatch(tag -> Wildcards.matches(pattern, tag)));
      };
    }
  }

  /**
   * An image that nothing else in its repository needs: no index lists it, and it is about no image
   * that is there.
   */
  public record Candidate(Digest digest, Instant pushedAt, List<String> tags) {
    public Candidate {
      tags = List.copyOf(tags);
    }
  }

  public LifecyclePolicy {
    rules = rules.stream().sorted(Comparator.comparingInt(Rule::priority)).toList();
  }

  /**
   * The images to expire, each with the priority of the rule that says so. All rules look at the
   * same images; what a rule identifies is that rule's to decide about, and no later one's.
   */
  public Map<Digest, Integer> expired(List<Candidate> images, Instant now) {
    List<Candidate> newestFirst =
        images.stream()
            .sorted(
                Comparator.comparing(Candidate::pushedAt)
                    .reversed()
                    .thenComparing(image -> image.digest().text()))
            .toList();
    var expired = new LinkedHashMap<Digest, Integer>();
    Set<Digest> decided = new HashSet<>();
    for (Rule rule : rules) {
      List<Candidate> identified = newestFirst.stream().filter(rule::identifies).toList();
      for (int i = 0; i < identified.size(); i++) {
        Candidate image = identified.get(i);
        if (decided.add(image.digest()) && over(rule, i, image, now)) {
          expired.put(image.digest(), rule.priority());
        }
      }
    }
    return expired;
  }

  private static boolean over(Rule rule, int newer, Candidate image, Instant now) {
    Duration age = rule.age();
    Integer keep = rule.keep();
    return age != null ? !image.pushedAt().plus(age).isAfter(now) : keep != null && newer >= keep;
  }
}
