// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kit.Arn;
import dev.holdfast.store.Database;
import dev.holdfast.store.memory.MemoryStore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TagsTest {
  private static final Arn ARN = Arn.global("iam", TestCall.ACCOUNT, "role/shop");

  @Test
  void addsBesideAndRemovesByKey() {
    var state = new State(new Database(new MemoryStore()));
    Map<String, String> left =
        state.own(
            tx -> {
              Tags.add(tx, TestCall.ACCOUNT, ARN, Map.of("a", "1", "b", "1"));
              Tags.add(tx, TestCall.ACCOUNT, ARN, Map.of("b", "2", "c", "3"));
              Tags.remove(tx, TestCall.ACCOUNT, ARN, List.of("a", "absent"));
              return Tags.of(tx, TestCall.ACCOUNT, ARN);
            });
    assertThat(left).containsOnly(Map.entry("b", "2"), Map.entry("c", "3"));
    state.own(
        tx -> {
          Tags.delete(tx, TestCall.ACCOUNT, ARN);
          return ARN;
        });
    assertThat(state.read(view -> Tags.of(view, TestCall.ACCOUNT, ARN)).entrySet()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "aws:x",
        "AWS:x",
        "",
        "Environment",
        "ENVIRONMENT",
        "a\u0000b",
        "a\nb",
        "a<b",
        "a%b"
      })
  void refusesKeys(String key) {
    assertThat(Tags.fault(Map.of(key, "v"))).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"environment", "a", "Größe", "a b", "cost:center/1=2+3-4@5_6.7"})
  void takesKeys(String key) {
    assertThat(Tags.fault(Map.of(key, "v"))).isEmpty();
  }

  @Test
  void countsCharactersAndTags() {
    assertThat(Tags.fault(Map.of("k".repeat(128), "v".repeat(256)))).isEmpty();
    assertThat(Tags.fault(Map.of("k".repeat(129), "v"))).isPresent();
    assertThat(Tags.fault(Map.of("k", "v".repeat(257)))).isPresent();
    var many = new LinkedHashMap<String, String>();
    for (int i = 0; i < 50; i++) {
      many.put("k" + i, "");
    }
    assertThat(Tags.fault(many)).isEmpty();
    many.put("one more", "");
    assertThat(Tags.fault(many)).isPresent();
  }
}
