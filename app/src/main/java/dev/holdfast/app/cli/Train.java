// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli;

import dev.holdfast.app.cli.hosts.Listen;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;

/**
 * {@code train}: a short life of the server on an empty directory that ends by a clean exit, so
 * that the virtual machine can write its start-up (AOT) cache from what was loaded.
 */
@Command(name = "train", hidden = true, description = "Make the start-up cache.")
final class Train implements Callable<Integer> {
  private static final Duration LIMIT = Duration.ofMinutes(1);

  private final Processes processes;

  Train(Processes processes) {
    this.processes = processes;
  }

  @Override
  public Integer call() throws Exception {
    Path dir = Files.createTempDirectory("holdfast-train");
    try {
      return train(new DataDir(dir));
    } finally {
      delete(dir);
    }
  }

  private int train(DataDir dir) throws Exception {
    var options =
        new ServerOptions(
            dir.path(),
            "dev",
            Listen.loopback("127.0.0.1", 0),
            "us-east-1",
            null,
            StartOptions.ENGINE);
    var server = new FutureTask<Integer>(() -> ServerProcess.run(options, processes));
    Thread.ofPlatform().name("train-server").start(server);
    var client = new AdminClient(dir.adminSocket(), Duration.ofSeconds(10));
    JsonObject status = firstStatus(client, server);
    Health.answers(status.string("url"));
    Banner.text(status, null, "");
    Env.exports(client.get("/credentials").json(), System.getenv());
    client.post("/audit/verify", JsonObject.EMPTY);
    client.post("/shutdown", JsonObject.EMPTY.with("tasks", "keep"));
    return server.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
  }

  private static JsonObject firstStatus(AdminClient client, FutureTask<Integer> server)
      throws InterruptedException, ExecutionException {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (System.nanoTime() < deadline) {
      if (server.isDone()) {
        throw new CliFailure("the server ended while it was trained: " + server.get());
      }
      try {
        return client.get("/status").json();
      } catch (IOException _) {
        LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
      }
    }
    throw new CliFailure("the server did not answer while it was trained");
  }

  private static void delete(Path dir) throws IOException {
    try (var paths = Files.walk(dir)) {
      paths.sorted(Comparator.reverseOrder()).forEach(Train::remove);
    }
  }

  private static void remove(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
