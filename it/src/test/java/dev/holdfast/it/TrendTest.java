// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

class TrendTest {
  private static Trend heap(IntToDoubleFunction value) {
    var samples = new ArrayList<Trend.Sample>();
    for (int i = 0; i < 120; i++) {
      samples.add(new Trend.Sample((long) value.applyAsDouble(i), 0, 0, 0));
    }
    return Trend.of("heap", samples, Trend.Sample::heap, "MB", 4);
  }

  @Test
  void findsALeakUnderNoise() {
    var random = new Random(1);
    assertThat(heap(i -> 60 + i * 0.2 + 3 * random.nextGaussian()).grows()).isTrue();
  }

  @Test
  void takesNoiseForNoGrowth() {
    var random = new Random(2);
    assertThat(heap(i -> 60 + 10 * random.nextGaussian()).grows()).isFalse();
  }

  @Test
  void forgivesTheWarmUp() {
    assertThat(heap(i -> i < 40 ? i : 40).grows()).isFalse();
  }
}
