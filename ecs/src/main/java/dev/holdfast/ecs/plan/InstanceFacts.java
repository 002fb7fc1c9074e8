// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.plan;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What constraints and strategies can ask of a container instance.
 *
 * @param id the name that its host goes by, AWS's {@code ec2InstanceId}
 * @param attributes an absent value is the empty text
 * @param running how many tasks it runs
 * @param groups how many live tasks of each group it has
 * @param grants what its owner allows, in the words of {@code HostGrants}
 */
public record InstanceFacts(
    String id,
    Map<String, String> attributes,
    @Nullable String agentVersion,
    @Nullable Instant registeredAt,
    int running,
    Map<String, Integer> groups,
    Set<String> grants) {
  /** Nothing is known. */
  public static final InstanceFacts NONE =
      new InstanceFacts("", Map.of(), null, null, 0, Map.of(), Set.of());

  /** How many live tasks of a group are there. */
  public int of(String group) {
    return groups.getOrDefault(group, 0);
  }

  /** With one task of a group more. */
  public InstanceFacts with(String group) {
    return with(group, of(group) + 1);
  }

  /** With so many tasks of a group. */
  public InstanceFacts with(String group, int tasks) {
    var more = new HashMap<>(groups);
    more.put(group, tasks);
    return new InstanceFacts(id, attributes, agentVersion, registeredAt, running, more, grants);
  }
}
