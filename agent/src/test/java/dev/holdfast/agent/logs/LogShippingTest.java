// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.logs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agent.engine.ContainerLogs;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LogShippingTest {
  private static final Instant TIME = Instant.parse("2026-01-01T00:00:00Z");

  private static ContainerLogs.Frame frame(int second, String text) {
    return frame(false, second, text);
  }

  private static ContainerLogs.Frame frame(boolean error, int second, String text) {
    String time = "2026-01-01T00:00:%02d.000000000Z ".formatted(second);
    return new ContainerLogs.Frame(error, (time + text).getBytes(UTF_8));
  }

  private static List<String> texts(List<Line> lines) {
    return lines.stream().map(Line::text).toList();
  }

  private static Line line(int second, String text) {
    return new Line(
        TIME.plusSeconds(second).toEpochMilli(), text, new Place(TIME.plusSeconds(second), 1), 0);
  }

  private static List<String> events(LogBatch batch) {
    return batch.events().stream().map(LogBatch.Event::text).toList();
  }

  private static LogRoute route(boolean blocking, long buffer) {
    return new LogRoute("us-east-1", "/g", "s", false, null, blocking, buffer);
  }

  @Test
  void piecesBecomeLines() {
    var lines = new Lines(Place.BEGIN);
    assertThat(texts(lines.take(frame(1, "one\n"), 0))).containsExactly("one");
    assertThat(lines.take(frame(2, "long "), 0)).isEmpty();
    assertThat(texts(lines.take(frame(true, 2, "beside\n"), 0))).containsExactly("beside");
    assertThat(texts(lines.take(frame(2, "line\r\n"), 0))).containsExactly("long line");
    assertThat(lines.take(frame(3, "\n"), 0)).isEmpty();
    assertThat(lines.take(frame(4, "rest"), 0)).isEmpty();
    assertThat(texts(lines.end(0))).containsExactly("rest");
    assertThat(lines.take(new ContainerLogs.Frame(false, "no time".getBytes(UTF_8)), 0)).isEmpty();
  }

  @Test
  void readingGoesOnWhereItEnded() {
    List<ContainerLogs.Frame> frames =
        List.of(frame(1, "a\n"), frame(1, "b\n"), frame(1, "c\n"), frame(2, "d\n"));
    var all = new ArrayList<Line>();
    var first = new Lines(Place.BEGIN);
    frames.forEach(f -> all.addAll(first.take(f, 0)));
    for (int i = 0; i < all.size(); i++) {
      var again = new Lines(all.get(i).end());
      var rest = new ArrayList<Line>();
      // The engine gives everything from that second on.
      frames.stream().skip(i < 3 ? 0 : 3).forEach(f -> rest.addAll(again.take(f, 0)));
      assertThat(texts(rest)).isEqualTo(texts(all.subList(i + 1, all.size())));
    }
  }

  @Test
  void linesOfOneEventComeTogether() {
    EventStart start = Objects.requireNonNull(EventStart.of("^[0-9]", null));
    List<Line> lines =
        List.of(line(1, "1 error"), line(2, "  at a"), line(3, "  at b"), line(4, "2 fine"));
    LogBatch open = Objects.requireNonNull(LogBatch.of(lines, start, false, null));
    assertThat(events(open)).containsExactly("1 error\n  at a\n  at b");
    assertThat(open.lines()).isEqualTo(3);
    assertThat(open.end()).isEqualTo(lines.get(2).end());
    LogBatch whole = Objects.requireNonNull(LogBatch.of(lines, start, true, null));
    assertThat(events(whole)).containsExactly("1 error\n  at a\n  at b", "2 fine");
    assertThat(LogBatch.of(lines.subList(0, 1), start, false, null)).isNull();
    LogBatch known = Objects.requireNonNull(LogBatch.of(lines, start, false, lines.get(1).end()));
    assertThat(events(known)).containsExactly("1 error\n  at a");
  }

  @Test
  void aFormatOfTimesBeginsEvents() {
    EventStart start = Objects.requireNonNull(EventStart.of(null, "[%b %d, %Y %H:%M:%S]"));
    assertThat(start.begins("[May 01, 2017 19:00:04] A message was logged")).isTrue();
    assertThat(start.begins("More of the same message")).isFalse();
  }

  @Test
  void anExpressionThatTakesForEverMatchesNothing() {
    EventStart slow = Objects.requireNonNull(EventStart.of("^(a+)+$", null));
    assertThat(slow.begins("a".repeat(5000) + "b")).isFalse();
  }

  @Test
  void aBatchHasAwsLimits() {
    var lines = new ArrayList<Line>();
    for (int i = 0; i < 12_000; i++) {
      lines.add(line(1, "x"));
    }
    assertThat(Objects.requireNonNull(LogBatch.of(lines, null, true, null)).lines())
        .isEqualTo(10_000);
    var large = new ArrayList<Line>();
    for (int i = 0; i < 12; i++) {
      large.add(line(1, "y".repeat(200_000)));
    }
    assertThat(Objects.requireNonNull(LogBatch.of(large, null, true, null)).lines()).isEqualTo(4);
    var controls = new ArrayList<Line>();
    for (int i = 0; i < 12; i++) {
      controls.add(line(1, "\u0001".repeat(100_000)));
    }
    assertThat(Objects.requireNonNull(LogBatch.of(controls, null, true, null)).lines())
        .isEqualTo(2);
    List<Line> days = List.of(line(1, "a"), line(90_000, "b"));
    assertThat(Objects.requireNonNull(LogBatch.of(days, null, true, null)).lines()).isEqualTo(1);
  }

  @Test
  void timesInABatchNeverGoBack() {
    List<Line> lines = List.of(line(5, "a"), line(3, "b"));
    assertThat(Objects.requireNonNull(LogBatch.of(lines, null, true, null)).events())
        .extracting(LogBatch.Event::millis)
        .containsExactly(lines.get(0).millis(), lines.get(0).millis());
  }

  @Test
  void aFloodIsDroppedCountedAndTold() throws Exception {
    var shared = new AtomicLong();
    var waiting = new Waiting(route(false, 1000), shared, 1 << 20, System::nanoTime);
    for (int i = 0; i < 100; i++) {
      assertThat(waiting.offer(line(i, "line " + i))).isTrue();
    }
    assertThat(shared.get()).isLessThanOrEqualTo(1000);
    LogBatch batch = Objects.requireNonNull(waiting.next(null));
    boolean _ = waiting.sent(batch.lines());
    assertThat(shared.get()).isZero();
    waiting.offer(line(100, "after"));
    waiting.ended(true);
    LogBatch next = Objects.requireNonNull(waiting.next(null));
    assertThat(events(next).getFirst())
        .startsWith("[holdfast] " + waiting.droppedInAll() + " lines were dropped here");
    assertThat(events(next).getLast()).isEqualTo("after");
    boolean _ = waiting.sent(next.lines());
    waiting.close();
    assertThat(waiting.next(null)).isNull();
  }

  @Test
  void aBatchThatMayHaveArrivedIsMadeOfTheSameLinesAgain() throws Exception {
    EventStart start = Objects.requireNonNull(EventStart.of("^[0-9]", null));
    var route = new LogRoute("us-east-1", "/g", "s", false, start, true, 1 << 20);
    List<Line> lines = List.of(line(1, "1 error"), line(2, "  at a"), line(3, "2 fine"));
    for (int sent = 1; sent <= lines.size(); sent++) {
      Place until = lines.get(sent - 1).end();
      for (int there = sent; there <= lines.size(); there++) {
        // Nothing is old yet: only that all lines of the batch are here says that it is whole.
        var waiting = new Waiting(route, new AtomicLong(), 1 << 20, () -> 0);
        for (Line line : lines.subList(0, there)) {
          waiting.offer(line);
        }
        LogBatch batch = Objects.requireNonNull(waiting.next(until));
        assertThat(batch.lines()).isEqualTo(sent);
        assertThat(batch.end()).isEqualTo(until);
      }
    }
  }

  @Test
  void aReaderWaitsWhereItMayNotDrop() throws Exception {
    var shared = new AtomicLong();
    var waiting = new Waiting(route(true, 1000), shared, 1 << 20, System::nanoTime);
    Thread reader =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    for (int i = 0; i < 200; i++) {
                      waiting.offer(line(i, "line " + i));
                    }
                    waiting.ended(true);
                  } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                  }
                });
    var seen = new ArrayList<String>();
    while (seen.size() < 200) {
      LogBatch batch = Objects.requireNonNull(waiting.next(null));
      seen.addAll(events(batch));
      boolean _ = waiting.sent(batch.lines());
      assertThat(shared.get()).isLessThanOrEqualTo(1200);
    }
    assertThat(reader.join(Duration.ofSeconds(5))).isTrue();
    assertThat(seen).hasSize(200).endsWith("line 199");
    assertThat(waiting.droppedInAll()).isZero();
  }
}
