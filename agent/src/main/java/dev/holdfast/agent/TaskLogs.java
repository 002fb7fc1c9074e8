// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent;

import dev.holdfast.agent.engine.Container;
import dev.holdfast.agent.engine.ContainerLogs;
import dev.holdfast.agent.engine.DockerEngine;
import dev.holdfast.agent.host.TaskNetworks;
import dev.holdfast.agent.logs.MergedLogs;
import dev.holdfast.agent.task.ContainerRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what the containers of tasks wrote, from the engine itself. */
public final class TaskLogs {
  private TaskLogs() {}

  /** Takes pieces of output as they come. */
  public interface Sink {
    /** One piece of a container's output; it need not be a whole line. */
    void piece(String container, boolean error, String text) throws IOException;
  }

  /**
   * What is asked for.
   *
   * @param tasks ARNs, or ids
   * @param container one container's name; null means all of them
   * @param since from when on
   * @param follow whether to go on until the containers end
   */
  public record Wanted(
      List<String> tasks, @Nullable String container, Instant since, boolean follow) {
    public Wanted {
      tasks = List.copyOf(tasks);
    }
  }

  /**
   * Reads the output of tasks: that of one container as it is, that of several merged line by line.
   *
   * @return whether the tasks have containers here
   */
  public static boolean read(Path socket, String installation, Wanted wanted, Sink sink)
      throws IOException, InterruptedException {
    try (DockerEngine engine = DockerEngine.open(socket, DockerEngine.FOLLOWED)) {
      List<Container> containers = find(engine, installation, wanted);
      if (containers.size() == 1) {
        alone(engine, containers.getFirst(), wanted, sink);
      } else {
        var sources = new ArrayList<MergedLogs.Source>();
        Set<String> tasks = new HashSet<>();
        containers.forEach(c -> tasks.add(c.labels().getOrDefault(TaskNetworks.TASK, "")));
        for (Container container : containers) {
          sources.add(new MergedLogs.Source(container.id(), label(container, tasks.size() > 1)));
        }
        new MergedLogs(engine.containers(), wanted.since(), wanted.follow())
            .read(sources, (label, text) -> sink.piece(label, false, label + " | " + text + "\n"));
      }
      return !containers.isEmpty();
    }
  }

  private static void alone(DockerEngine engine, Container container, Wanted wanted, Sink sink)
      throws IOException {
    try (ContainerLogs logs =
        engine.containers().logs(container.id(), wanted.follow(), wanted.since())) {
      for (var piece = logs.next(); piece != null; piece = logs.next()) {
        sink.piece(name(container), piece.error(), piece.text());
      }
    } catch (IOException _) {
      // The container is gone, keeps no output, or nobody reads any more.
    }
  }

  private static List<Container> find(DockerEngine engine, String installation, Wanted wanted)
      throws IOException {
    var found = new ArrayList<Container>();
    for (String id : engine.containers().list(TaskNetworks.INSTALLATION + "=" + installation)) {
      Container container = engine.containers().inspect(id);
      String arn = container == null ? null : container.labels().get(TaskNetworks.TASK);
      boolean asked =
          arn != null
              && wanted.tasks().stream()
                  .anyMatch(task -> arn.equals(task) || arn.endsWith("/" + task));
      String only = wanted.container();
      if (container != null && asked && (only == null || only.equals(name(container)))) {
        found.add(container);
      }
    }
    return found;
  }

  private static String label(Container container, boolean several) {
    String arn = container.labels().getOrDefault(TaskNetworks.TASK, "");
    String id = arn.substring(arn.lastIndexOf('/') + 1);
    return several
        ? id.substring(0, Math.min(8, id.length())) + "/" + name(container)
        : name(container);
  }

  private static String name(Container container) {
    return container.labels().getOrDefault(ContainerRequest.CONTAINER, "");
  }
}
