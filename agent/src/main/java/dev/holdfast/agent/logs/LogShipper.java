// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.logs;

import dev.holdfast.agent.engine.DockerEngine;
import dev.holdfast.agent.task.TaskCredentials;
import dev.holdfast.agent.task.TaskOutput;
import dev.holdfast.aws.agent.PayloadContainer;
import dev.holdfast.aws.agent.PayloadTask;
import dev.holdfast.aws.agent.RoleCredentials;
import dev.holdfast.kit.disk.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Takes the output of all containers with the driver {@code awslogs} to their log streams. The
 * engine keeps it in its own capped files, as that of all others; what it wrote is read from there.
 */
public final class LogShipper implements TaskOutput, AutoCloseable {
  /** What the lines of all containers that wait may take together. */
  private static final long MOST = 24 << 20;

  /** So many batches are under way at once. */
  private static final int SENDING = 4;

  private static final Duration CREDENTIALS = Duration.ofSeconds(15);
  private static final long LOOK = TimeUnit.MILLISECONDS.toNanos(20);

  private final DockerEngine engine;
  private final Shipment.Tools tools;
  private final TaskCredentials credentials;
  private final AtomicLong waiting = new AtomicLong();
  private final Map<String, Shipment> shipments = new ConcurrentHashMap<>();

  private LogShipper(DockerEngine engine, Shipment.Tools tools, TaskCredentials credentials) {
    this.engine = engine;
    this.tools = tools;
    this.credentials = credentials;
  }

  /**
   * A shipper that follows nothing yet.
   *
   * @param socket the engine's; each container that is followed takes a connection to it
   * @param folder where it remembers how far it came
   * @param disk of that folder
   * @throws IOException where the engine does not answer
   */
  public static LogShipper open(
      Path socket, Path folder, Disk disk, LogSink sink, TaskCredentials credentials)
      throws IOException {
    var places = new LogPlaces(folder, disk);
    DockerEngine engine = DockerEngine.open(socket, DockerEngine.FOLLOWED);
    var tools =
        new Shipment.Tools(
            engine.containers(), sink, places, new Semaphore(SENDING), System::nanoTime);
    return new LogShipper(engine, tools, credentials);
  }

  @Override
  public void open(PayloadTask task, PayloadContainer container, String id) throws IOException {
    LogRoute route = LogRoute.of(task, container);
    if (route == null || (id.isEmpty() && !route.named())) {
      return;
    }
    RoleCredentials role = awaitRole(task.arn());
    if (role == null) {
      throw new IOException(
          "NoCredentialProviders: no session of an execution role came for this task; set"
              + " `executionRoleArn` in its definition");
    }
    Shipment.make(
        tools.sink(),
        role,
        new LogSink.Stream(route.region(), route.group(), route.streamOf(id)),
        route.createGroup());
  }

  /** Sessions come right behind their task. */
  private @Nullable RoleCredentials awaitRole(String task) {
    long began = System.nanoTime();
    while (true) {
      RoleCredentials role = credentials.logs(task);
      if (role != null || System.nanoTime() - began > CREDENTIALS.toNanos()) {
        return role;
      }
      LockSupport.parkNanos(LOOK);
    }
  }

  @Override
  public void follow(PayloadTask task, PayloadContainer container, String id) {
    LogRoute route = LogRoute.of(task, container);
    if (route == null) {
      return;
    }
    shipments
        .computeIfAbsent(
            task.arn() + "/" + container.name(),
            _ ->
                new Shipment(
                    tools,
                    new Shipment.What(task.arn(), container.name(), id, route),
                    () -> credentials.logs(task.arn()),
                    new Waiting(route, waiting, MOST, System::nanoTime)))
        .follow();
  }

  @Override
  public void finish(String taskArn, Duration patience) {
    List<String> names =
        shipments.entrySet().stream()
            .filter(e -> e.getValue().task().equals(taskArn))
            .map(Map.Entry::getKey)
            .toList();
    for (String name : names) {
      Shipment ending = shipments.remove(name);
      if (ending != null) {
        ending.finish(patience);
      }
    }
  }

  @Override
  public void close() {
    shipments.values().forEach(Shipment::close);
    shipments.clear();
    engine.close();
  }
}
