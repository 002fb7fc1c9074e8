// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.kit.disk.DiskBroken;
import dev.holdfast.kit.disk.FailStopDisk;
import dev.holdfast.kit.disk.FailingDisk;
import java.io.ByteArrayOutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An agent whose disk failed ends by itself, so that the one that keeps it starts it again. */
@Timeout(120)
class AgentDiskTest {
  @TempDir private Path folder;

  private final FailingDisk kernel = new FailingDisk();
  private final FailStopDisk disk = new FailStopDisk(kernel);
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private int run(PipedInputStream input) {
    return AgentMain.run(
        List.of(
            "--endpoint=http://127.0.0.1:9",
            "--installation=disktest",
            "--data-dir=" + folder,
            "--socket=" + folder.resolve("agent.sock"),
            "--engine=" + folder.resolve("no-engine.sock"),
            "--bind=127.0.0.1",
            "--policy=" + folder.resolve("none.json")),
        input,
        new PrintStream(out, true, StandardCharsets.UTF_8),
        disk,
        new Random(1),
        InstantSource.system());
  }

  @Test
  void endsWithCodeOneAndWordsOnceASyncFailed() throws Exception {
    try (var said = new PipedOutputStream();
        var input = new PipedInputStream(said)) {
      CompletableFuture<Integer> code = CompletableFuture.supplyAsync(() -> run(input));
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      while (!out.toString(StandardCharsets.UTF_8).contains("reason")) {
        assertThat(System.nanoTime()).as("it says why no task can run").isLessThan(deadline);
        LockSupport.parkNanos(1_000_000);
      }
      kernel.failNext(folder::equals);
      assertThatThrownBy(() -> disk.syncDirectory(folder)).isInstanceOf(DiskBroken.class);
      assertThat(code.get(60, TimeUnit.SECONDS)).as("with its input still open").isEqualTo(1);
    }
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("disk failed");
  }

  @Test
  void endsWithItsInputOtherwise() throws Exception {
    var said = new PipedOutputStream();
    try (var input = new PipedInputStream(said)) {
      said.close();
      assertThat(run(input)).isZero();
    }
  }
}
