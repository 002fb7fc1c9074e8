// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.agent.HostGrants;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.RecordCodec;
import dev.holdfast.kit.fuzz.Fuzz;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The policy of a host is read whole or not at all: what is not understood might be a rule. */
class HostRulesFuzzTest {
  private static final RecordCodec<HostRules> CODEC = RecordCodec.of(HostRules.class);

  @Test
  void everyMemberOfAPolicyIsUnderstoodOrThePolicyIsRefused() {
    Fuzz.run(HostRulesFuzzTest.class, "rules", HostRulesFuzzTest::rules);
  }

  static String rules(byte[] input) {
    HostRules rules;
    try {
      rules = HostRules.parse(input, Path.of("policy.json"));
    } catch (IOException e) {
      return "refused " + String.valueOf(e.getMessage()).replaceAll("[^a-z]+", " ").length() % 32;
    }
    assertThat(rules.bindMounts()).allMatch(mount -> mount.path().startsWith("/"));
    assertThat(rules.sysctls()).allMatch(HostGrants::namespaced);
    JsonObject given = Json.parseObject(input);
    JsonObject meant = (JsonObject) CODEC.tree(rules);
    for (String name : given.members().keySet()) {
      // Nothing that was written is left out, but a null and an empty list, which say nothing.
      assertThat(meant.members().containsKey(name) || saysNothing(given, name)).as(name).isTrue();
    }
    for (String name : Set.of("hostNetwork", "hostPid", "hostIpc", "refuseRoot")) {
      assertThat(meant.isTrue(name)).as(name).isEqualTo(given.isTrue(name));
    }
    assertThat(meant.array("bindMounts")).hasSameSizeAs(given.array("bindMounts"));
    assertThat(rules.grants()).doesNotContainNull();
    return "read " + meant.members().size() + rules.grants().size() % 8;
  }

  private static boolean saysNothing(JsonObject given, String name) {
    return switch (given.get(name)) {
      case JsonArray(var items) -> items.isEmpty();
      case dev.holdfast.kit.JsonValue.JsonNull _ -> true;
      case null, default -> false;
    };
  }
}
