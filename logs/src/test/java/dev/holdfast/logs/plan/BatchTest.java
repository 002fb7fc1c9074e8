// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.logs.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BatchTest {
  private static final long NOW = 1_800_000_000_000L;
  private static final long DAY = 86_400_000L;

  private static List<Batch.Entry> at(long... times) {
    var entries = new ArrayList<Batch.Entry>();
    for (long time : times) {
      entries.add(new Batch.Entry(time, "m"));
    }
    return entries;
  }

  @Test
  void refusesWhatAwsRefuses() {
    assertThat(Batch.fault(at(2, 1)))
        .hasValue("Log events in a single PutLogEvents request must be in chronological order.");
    assertThat(Batch.fault(at(0, DAY))).isEmpty();
    assertThat(Batch.fault(at(0, DAY + 1)))
        .hasValue(
            "The batch of log events in a single PutLogEvents request cannot span more than 24"
                + " hours.");
    var large = List.of(new Batch.Entry(1, "x".repeat(Batch.MOST_BYTES - Batch.OVERHEAD)));
    assertThat(Batch.fault(large)).isEmpty();
    var larger = List.of(new Batch.Entry(1, "x".repeat(Batch.MOST_BYTES - Batch.OVERHEAD + 1)));
    assertThat(Batch.fault(larger))
        .hasValue("Upload too large: 1048577 bytes exceeds limit of 1048576");
  }

  @Test
  void countsBytesOfUtf8() {
    var random = new Random(9);
    for (String text : List.of("a", "ü", "€", "😀", "a😀b€")) {
      String more = text.repeat(random.nextInt(1, 9));
      assertThat(new Batch.Entry(0, more).size())
          .isEqualTo(26 + more.getBytes(java.nio.charset.StandardCharsets.UTF_8).length);
    }
  }

  @Test
  void keepsWhatIsNeitherTooOldNorTooNew() {
    Batch all = Batch.of(at(NOW - DAY, NOW, NOW + 7_200_000), NOW, Long.MIN_VALUE);
    assertThat(all.events()).hasSize(3);
    assertThat(all.rejects()).isFalse();
    Batch some =
        Batch.of(at(NOW - 15 * DAY, NOW - 10 * DAY, NOW, NOW + 7_200_001), NOW, NOW - 7 * DAY);
    assertThat(some.events()).containsExactly(new Batch.Entry(NOW, "m"));
    assertThat(some.tooOldEnd()).isEqualTo(1);
    assertThat(some.expiredEnd()).isEqualTo(2);
    assertThat(some.tooNewStart()).isEqualTo(3);
    assertThat(Batch.of(at(1, 2), NOW, Long.MIN_VALUE).events()).isEmpty();
  }
}
