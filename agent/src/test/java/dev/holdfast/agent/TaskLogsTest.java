// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agent.logs.MergedLogs;
import dev.holdfast.http.Exchange;
import dev.holdfast.http.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is read of a task's containers, beside an engine that does as each test says. */
@Timeout(60)
class TaskLogsTest {
  private static final Instant TIME = Instant.parse("2026-01-01T00:00:00Z");
  private static final String TASK =
      "arn:aws:ecs:eu-test-1:123456789012:task/shop/" + "a".repeat(32);
  private static final Pattern SINCE = Pattern.compile("since=(\\d+)\\.(\\d{9})");

  /** A line, and when it was written. */
  private record Written(Instant at, String text) {}

  @TempDir private Path folder;

  private final List<Written> written = new CopyOnWriteArrayList<>();
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final AtomicInteger clients = new AtomicInteger();
  private final AtomicInteger looks = new AtomicInteger();
  private final AtomicInteger readings = new AtomicInteger();
  private HttpServer engine;

  /** From which look on the task has its container. */
  private volatile int comes = 1;

  private volatile boolean running = true;
  private volatile Instant began = TIME;

  /** What happens once a reading has ended. */
  private volatile Runnable afterReading = () -> {};

  @BeforeEach
  void open() throws IOException {
    engine = HttpServer.start(folder.resolve("engine.sock"), this::answer);
  }

  @AfterEach
  void close() {
    engine.close();
  }

  private void answer(Exchange exchange) throws IOException {
    String path = exchange.rawPath();
    if (path.endsWith("/version")) {
      clients.incrementAndGet();
      say(exchange, "{\"Version\":\"1\",\"ApiVersion\":\"1.47\"}");
    } else if (path.endsWith("/containers/json")) {
      say(exchange, looks.incrementAndGet() < comes ? "[]" : "[" + container() + "]");
    } else if (path.endsWith("/containers/c/json")) {
      say(exchange, container());
    } else {
      exchange.respond(200, List.of(), pieces(exchange.rawQuery()));
      readings.incrementAndGet();
      afterReading.run();
    }
  }

  private static void say(Exchange exchange, String json) throws IOException {
    exchange.respond(200, List.of(), json.getBytes(UTF_8));
  }

  private String container() {
    String labels =
        "{\"dev.holdfast.task-arn\":\"%s\",\"dev.holdfast.installation\":\"i\",\"dev.holdfast.container-name\":\"app\"}"
            .formatted(TASK);
    return "{\"Id\":\"c\",\"Labels\":%s,\"Config\":{\"Labels\":%s},\"State\":{\"Status\":\"%s\",\"StartedAt\":\"%s\"}}"
        .formatted(labels, labels, running ? "running" : "exited", began);
  }

  /** As the engine gives them: those of the time that is asked for, and all after it. */
  private byte[] pieces(String query) throws IOException {
    Matcher since = SINCE.matcher(query);
    assertThat(since.find()).isTrue();
    Instant from =
        Instant.ofEpochSecond(Long.parseLong(since.group(1)), Long.parseLong(since.group(2)));
    var bytes = new ByteArrayOutputStream();
    var out = new DataOutputStream(bytes);
    for (Written line : written) {
      if (!line.at().isBefore(from)) {
        byte[] piece = (line.at() + " " + line.text() + "\n").getBytes(UTF_8);
        out.writeInt(1 << 24);
        out.writeInt(piece.length);
        out.write(piece);
      }
    }
    return bytes.toByteArray();
  }

  private boolean read(boolean follow) throws IOException {
    var wanted = new TaskLogs.Wanted(TASK, null, Instant.EPOCH, follow, false);
    return TaskLogs.read(
        folder.resolve("engine.sock"),
        "i",
        wanted,
        new MergedLogs.Sink() {
          @Override
          public void line(String label, long millis, String text) {
            told.add(text);
          }

          @Override
          public void alive() {}
        });
  }

  /** Two runs came and went between two looks; the engine tells of the last one's start alone. */
  @Test
  void losesNothingOfAContainerThatIsStartedAgainTwiceBetweenTwoLooks() throws IOException {
    written.add(new Written(TIME.plusMillis(100), "first"));
    written.add(new Written(TIME.plusMillis(100), "first again"));
    afterReading =
        () -> {
          if (readings.get() == 1) {
            written.add(new Written(TIME.plusMillis(100), "of the same moment"));
            written.add(new Written(TIME.plusMillis(300), "second"));
            written.add(new Written(TIME.plusMillis(600), "third"));
            began = TIME.plusMillis(500);
            running = false;
          }
        };
    assertThat(read(true)).isTrue();
    assertThat(told)
        .containsExactly("first", "first again", "of the same moment", "second", "third");
  }

  @Test
  void waitsForTheContainersOfATaskWithOneClientOfTheEngine() throws IOException {
    comes = 4;
    written.add(new Written(TIME, "at last"));
    afterReading = () -> running = false;
    assertThat(read(true)).isTrue();
    assertThat(told).containsExactly("at last");
    assertThat(clients).hasValue(1);
  }

  @Test
  void waitsForNothingWhereNobodyFollows() throws IOException {
    comes = 2;
    assertThat(read(false)).isFalse();
    assertThat(new ArrayList<>(told)).isEmpty();
    assertThat(looks).hasValue(1);
  }
}
