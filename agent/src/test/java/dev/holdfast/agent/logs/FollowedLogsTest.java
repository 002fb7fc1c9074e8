// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.logs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agent.engine.ContainerLogs;
import dev.holdfast.agent.logs.MergedLogs.Sink;
import dev.holdfast.agent.logs.MergedLogs.Source;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Output as it comes, where the engine ends a log before its container has ended. */
@Timeout(60)
final class FollowedLogsTest {
  private static final Instant BEGAN = Instant.parse("2026-01-01T00:00:00Z");

  /** What the engine answers: pieces of standard output, each with its time. */
  private static ContainerLogs log(String... pieces) {
    var bytes = new ByteArrayOutputStream();
    for (String piece : pieces) {
      byte[] text = piece.getBytes(UTF_8);
      bytes.writeBytes(ByteBuffer.allocate(8).putInt(1 << 24).putInt(text.length).array());
      bytes.writeBytes(text);
    }
    return new ContainerLogs(new ByteArrayInputStream(bytes.toByteArray()), false, () -> {});
  }

  private static final Instant END = Instant.parse("2026-01-01T00:00:01.000000001Z");
  private static final String ONE = "2026-01-01T00:00:01.000000001Z one\n";
  private static final String TWO = "2026-01-01T00:00:01.000000001Z two\n";

  @Test
  void aLogThatEndsBeforeItsContainerIsReadOn() throws IOException {
    List<String> told = Collections.synchronizedList(new ArrayList<>());
    var sink =
        new Sink() {
          @Override
          public void line(String label, long millis, String text) {
            told.add(label + " " + text);
          }

          @Override
          public void alive() {}
        };
    var asked = new ConcurrentLinkedQueue<Instant>();
    var answers = new ConcurrentLinkedQueue<>(List.of(log(ONE), log(ONE, TWO)));
    var followed =
        new FollowedLogs(
            (id, from) -> {
              asked.add(from);
              ContainerLogs answer = answers.poll();
              if (answer == null) {
                throw new IOException("no container " + id);
              }
              return answer;
            },
            Instant.EPOCH,
            sink);

    followed.read(() -> List.of(new Source("id", "app", BEGAN, !answers.isEmpty())));

    assertThat(told).containsExactly("app one", "app two");
    assertThat(asked).as("and once more after its end").containsExactly(Instant.EPOCH, END, END);
  }
}
