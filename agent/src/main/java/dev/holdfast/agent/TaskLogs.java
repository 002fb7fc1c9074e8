// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent;

import dev.holdfast.agent.engine.Container;
import dev.holdfast.agent.engine.ContainerLogs;
import dev.holdfast.agent.engine.DockerEngine;
import dev.holdfast.agent.host.TaskNetworks;
import dev.holdfast.agent.task.ContainerRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what the containers of a task wrote, from the engine itself. */
public final class TaskLogs {
  private TaskLogs() {}

  /** Takes pieces of output as they come. */
  public interface Sink {
    /** One piece of a container's output; it need not be a whole line. */
    void piece(String container, boolean error, String text) throws IOException;
  }

  /**
   * Reads the logs of a task.
   *
   * @param task the task's ARN or its id
   * @param name one container's; null means all of them
   * @param follow whether to go on until the containers end
   * @return whether the task has containers here
   */
  public static boolean read(
      Path socket,
      String installation,
      String task,
      @Nullable String name,
      boolean follow,
      Sink sink)
      throws IOException, InterruptedException {
    try (DockerEngine engine = DockerEngine.open(socket)) {
      List<Container> containers = find(engine, installation, task, name);
      var readers = new ArrayList<Thread>();
      for (Container container : containers) {
        Runnable read =
            () -> {
              try (ContainerLogs logs = engine.containers().logs(container.id(), follow, -1)) {
                for (var piece = logs.next(); piece != null; piece = logs.next()) {
                  synchronized (sink) {
                    sink.piece(containerName(container), piece.error(), piece.text());
                  }
                }
              } catch (IOException _) {
                // The container is gone, or nobody reads any more.
              }
            };
        if (follow) {
          readers.add(Thread.ofVirtual().name("logs").start(read));
        } else {
          read.run();
        }
      }
      for (Thread reader : readers) {
        reader.join();
      }
      return !containers.isEmpty();
    }
  }

  private static List<Container> find(
      DockerEngine engine, String installation, String task, @Nullable String name)
      throws IOException {
    var found = new ArrayList<Container>();
    for (String id : engine.containers().list(TaskNetworks.INSTALLATION + "=" + installation)) {
      Container container = engine.containers().inspect(id);
      String arn = container == null ? null : container.labels().get(TaskNetworks.TASK);
      boolean wanted = arn != null && (arn.equals(task) || arn.endsWith("/" + task));
      if (container != null && wanted && (name == null || name.equals(containerName(container)))) {
        found.add(container);
      }
    }
    return found;
  }

  private static String containerName(Container container) {
    return container.labels().getOrDefault(ContainerRequest.CONTAINER, "");
  }
}
