// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** An agent that runs in this JVM, with its input and output in a test's hands. */
final class RunningAgent implements AutoCloseable {
  private final PipedOutputStream in = new PipedOutputStream();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final Thread thread;

  RunningAgent(FakePlatform platform, Path folder) throws IOException {
    var input = new PipedInputStream(in, 64 * 1024);
    Path socket = TestEngine.start().socket();
    List<String> words =
        List.of(
            "--endpoint=" + platform.url(),
            "--installation=maintest",
            "--data-dir=" + folder,
            "--socket=" + folder.resolve("agent.sock"),
            "--engine=" + socket,
            "--bind=127.0.0.1",
            "--policy=" + folder.resolve("host-policy.json"),
            "--subnets=10.216.0.0/20",
            "--port=51697");
    thread =
        Thread.ofPlatform()
            .start(
                () ->
                    AgentMain.run(
                        words,
                        input,
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new Random(1),
                        InstantSource.system()));
    say("{\"AccessKeyId\":\"HOSTKEY\",\"SecretAccessKey\":\"s\",\"SessionToken\":\"t\"}");
  }

  void say(String line) throws IOException {
    in.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    in.flush();
  }

  void await(String text) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!out.toString(StandardCharsets.UTF_8).contains(text)) {
      assertThat(System.nanoTime()).as("waiting for " + text).isLessThan(deadline);
      LockSupport.parkNanos(10_000_000);
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
