// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.agent.AckRequest;
import dev.holdfast.aws.agent.AgentFrame;
import dev.holdfast.aws.agent.AgentMessage;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.http.WebSocketConnection;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Region;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a stream is woken for, that it looks at everything with each heartbeat, and to which word
 * its peer is heard.
 */
@Timeout(60)
final class AgentStreamWakeTest {
  private static final String STREAM = "host";
  private static final Task.Key TASK =
      new Task.Key(new AccountId("123456789012"), new Region("eu-test-1"), "shop", "a");

  private final AtomicLong nanos = new AtomicLong();
  private final Signals signals = new Signals();
  private final Silent socket = new Silent();

  /** A peer that says nothing and takes everything. */
  private static final class Silent implements WebSocketConnection {
    private final CountDownLatch closed = new CountDownLatch(1);

    @Override
    public void send(String text) {}

    @Override
    public void send(byte[] bytes) {}

    @Override
    public Optional<Message> next(Duration timeout) {
      return Optional.empty();
    }

    @Override
    public Optional<String> receive(Duration timeout) throws InterruptedException {
      closed.await();
      return Optional.empty();
    }

    @Override
    public void close(int status, String reason) {
      closed.countDown();
    }

    @Override
    public boolean isOpen() {
      return closed.getCount() > 0;
    }
  }

  /** A peer that has said something and closed its socket. */
  private static final class Left implements WebSocketConnection {
    private final Queue<String> said;

    Left(AgentMessage... said) {
      this.said = new ArrayDeque<>(Arrays.stream(said).map(AgentFrame::text).toList());
    }

    @Override
    public void send(String text) throws IOException {
      throw new IOException("the websocket is closed");
    }

    @Override
    public void send(byte[] bytes) throws IOException {
      throw new IOException("the websocket is closed");
    }

    @Override
    public Optional<Message> next(Duration timeout) {
      return Optional.empty();
    }

    @Override
    public Optional<String> receive(Duration timeout) throws IOException {
      String next = said.poll();
      if (next == null) {
        throw new IOException("the websocket is closed");
      }
      return Optional.of(next);
    }

    @Override
    public void close(int status, String reason) {}

    @Override
    public boolean isOpen() {
      return false;
    }
  }

  @Test
  void anAgentThatHasLeftIsHeardToItsLastWord() throws InterruptedException {
    AgentMessage[] words = {
      new AckRequest("cluster", "instance", "1"), new AckRequest("cluster", "instance", "2")
    };
    var left = new Left(words);
    var heard = new ArrayList<AgentMessage>();
    var script =
        new AgentStream.Script() {
          @Override
          public boolean tell(Signals.Woken woken) {
            return true;
          }

          @Override
          public void hear(AgentMessage message) {
            heard.add(message);
          }
        };
    AgentStream.serve(STREAM, left, new Outbox(left, nanos::get, new Random(1)), signals, script);
    assertThat(heard).containsExactly(words);
  }

  /** Always rung for one task, a second after the other; so many times in all. */
  private final class Busy implements AgentStream.Script {
    private final List<Signals.Woken> looks = new ArrayList<>();
    private final int most;

    Busy(int most) {
      this.most = most;
    }

    @Override
    public boolean tell(Signals.Woken woken) {
      looks.add(woken);
      nanos.addAndGet(Duration.ofSeconds(1).toNanos());
      signals.wake(STREAM, TASK);
      return looks.size() < most;
    }

    @Override
    public void hear(AgentMessage message) {}
  }

  @Test
  void looksAtEverythingWithEachHeartbeatHoweverOftenOneTaskRings() throws InterruptedException {
    var script = new Busy(100);
    AgentStream.serve(
        STREAM, socket, new Outbox(socket, nanos::get, new Random(1)), signals, script);
    assertThat(script.looks).hasSize(100);
    assertThat(script.looks.stream().filter(Signals.Woken::all)).hasSize(4);
    assertThat(script.looks.stream().filter(woken -> !woken.all()))
        .allSatisfy(woken -> assertThat(woken.tasks()).containsExactly(TASK));
  }
}
