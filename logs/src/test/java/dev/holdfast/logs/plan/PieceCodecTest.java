// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.logs.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.logs.model.LogEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PieceCodecTest {
  private static List<LogEvent> events(Random random, int count, long number) {
    var events = new ArrayList<LogEvent>();
    long time = 1_700_000_000_000L;
    for (int i = 0; i < count; i++) {
      time += random.nextLong(-50, 1000);
      String message = "line " + i + " ü€😀 ".repeat(random.nextInt(20)) + random.nextLong();
      events.add(new LogEvent(time, time + random.nextInt(5000), number + i, message));
    }
    return events;
  }

  @Test
  void readsWhatItWrote() {
    var random = new Random(5);
    for (int round = 0; round < 200; round++) {
      List<LogEvent> events = events(random, random.nextInt(1, 300), random.nextInt(100_000));
      byte[] bytes = PieceCodec.write(events);
      assertThat(PieceCodec.read(bytes, events.getFirst().number(), events.size()))
          .isEqualTo(events);
      assertThatThrownBy(() -> PieceCodec.read(bytes, 0, events.size() + 1))
          .isInstanceOf(PieceCodec.Damaged.class);
      assertThatThrownBy(() -> PieceCodec.read(bytes, 0, events.size() - 1))
          .isInstanceOf(PieceCodec.Damaged.class);
    }
  }

  @Test
  void makesLinesSmall() {
    var events = new ArrayList<LogEvent>();
    for (int i = 0; i < 5000; i++) {
      String line =
          "10.0.0.%d - - \"GET /articles/%d HTTP/1.1\" 200 %d".formatted(i % 250, i * 7 % 999, i);
      events.add(new LogEvent(1_700_000_000_000L + i, 1_700_000_001_000L, i, line));
    }
    int plain = events.stream().mapToInt(e -> e.message().length()).sum();
    assertThat(PieceCodec.write(events).length).isLessThan(plain / 4);
  }
}
