// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MemoTest {
  private final Memo<Integer, String> memo = new Memo<>(8);
  private final List<Integer> worked = new ArrayList<>();

  private String get(int key) {
    return memo.get(
        key,
        k -> {
          worked.add(k);
          return "v" + k;
        });
  }

  @Test
  void worksOutOnce() {
    assertThat(get(1)).isEqualTo("v1");
    assertThat(get(1)).isEqualTo("v1");
    assertThat(worked).containsExactly(1);
  }

  @Test
  void whatIsInUseStaysWhenOthersComeAndGo() {
    for (int i = 1; i < 1000; i++) {
      get(0);
      get(i);
    }
    assertThat(worked).containsOnlyOnce(0);
  }

  @Test
  void remembersNoMoreThanItMay() {
    IntStream.range(0, 1000).forEach(this::get);
    assertThat(IntStream.range(0, 1000).filter(i -> memo.known(i) != null).count())
        .isBetween(4L, 8L);
  }

  @Test
  void nothingIsNotRemembered() {
    assertThat(memo.find(1, _ -> Optional.empty())).isEmpty();
    assertThat(memo.find(1, _ -> Optional.of("late"))).contains("late");
    assertThat(memo.find(1, _ -> Optional.empty())).contains("late");
  }
}
