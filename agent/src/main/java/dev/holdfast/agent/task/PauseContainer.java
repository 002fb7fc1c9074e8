// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.task;

import dev.holdfast.agent.engine.Container;
import dev.holdfast.agent.engine.Containers;
import dev.holdfast.agent.engine.Images;
import dev.holdfast.agent.host.HostPolicy;
import dev.holdfast.agent.host.HostRefusal;
import dev.holdfast.agent.host.TaskNetwork;
import dev.holdfast.agent.host.TaskNetworks;
import dev.holdfast.aws.agent.PayloadTask;
import dev.holdfast.aws.agent.TaskInterface;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The container that holds the namespaces which the containers of one task share: with the network
 * mode {@code awsvpc} its network, with {@code pidMode} or {@code ipcMode} task its processes or
 * memory segments. It lives as long as the task, whatever its other containers do, and has no more
 * rights than they.
 *
 * @param name the engine's name of it
 */
record PauseContainer(TaskHost host, PayloadTask task, String name) {
  /** The label that tells it from containers of the task's own. */
  static final String ROLE = "dev.holdfast.role";

  static final String PAUSE = "pause";

  /** Nobody's, as most systems number it. */
  private static final String USER = "65534:65534";

  /** In bytes: the engine's own program starts inside this limit. */
  private static final long MEMORY = 64L * 1024 * 1024;

  private static final int PROCESSES = 64;

  /**
   * What it holds.
   *
   * @param address the task's; null with another network mode than {@code awsvpc}
   */
  record Held(String id, @Nullable String address) {}

  /** Whether the containers of a task share anything. */
  static boolean wanted(PayloadTask task) {
    return awsvpc(task) || "task".equals(task.pidMode()) || "task".equals(task.ipcMode());
  }

  static boolean awsvpc(PayloadTask task) {
    return "awsvpc".equals(task.networkMode());
  }

  /**
   * Makes and starts it, or returns the one that runs.
   *
   * @param fresh whether nothing of the task has joined it yet, so that another one is as good
   * @throws IOException where the engine refuses, or it has ended under the task
   */
  Held hold(TaskNetwork network, boolean fresh) throws IOException, HostRefusal {
    Containers containers = host.engine().containers();
    Container there = containers.inspect(name);
    if (there != null && !ours(there)) {
      throw new IOException("the name " + name + " is another container's");
    }
    if (there != null && !there.running()) {
      if (!fresh) {
        throw new IOException("the container that held the task's namespaces has ended");
      }
      containers.remove(there.id());
      there = null;
    }
    if (there == null) {
      String id = containers.create(name, request(network));
      containers.start(id);
      there = containers.inspect(id);
    }
    String address = there == null ? null : there.addresses().get(network.name());
    if (there == null || !there.running() || (awsvpc(task) && address == null)) {
      throw new IOException("the container that holds the task's namespaces does not run");
    }
    return new Held(there.id(), awsvpc(task) ? address : null);
  }

  private JsonObject request(TaskNetwork network) throws IOException, HostRefusal {
    JsonObject labels = JsonObject.EMPTY;
    for (Map.Entry<String, String> label :
        Map.of(
                TaskNetworks.INSTALLATION,
                host.settings().installation(),
                TaskNetworks.TASK,
                task.arn(),
                ROLE,
                PAUSE)
            .entrySet()) {
      labels = labels.with(label.getKey(), label.getValue());
    }
    JsonObject asked =
        JsonObject.EMPTY
            .with("Image", host.engine().images().pause())
            .with("Entrypoint", JsonArray.ofStrings(List.of(Images.PAUSE_PROGRAM)))
            .with("User", USER)
            .with("Labels", labels)
            .with(
                "HostConfig",
                JsonObject.EMPTY
                    .with("NetworkMode", network.name())
                    .with("Memory", MEMORY)
                    .with("PidsLimit", PROCESSES)
                    .with("ReadonlyRootfs", true)
                    .with("CapDrop", JsonArray.ofStrings(List.of("ALL"))));
    JsonObject admitted =
        host.policy()
            .admit(
                asked,
                new HostPolicy.TaskScope(
                    network.name(), Set.of(), Set.of(), host.settings().bindAddress(), ""));
    // No task can ask for what follows: it is this container's own.
    if ("task".equals(task.ipcMode())) {
      admitted =
          admitted.with("HostConfig", admitted.object("HostConfig").with("IpcMode", "shareable"));
    }
    return awsvpc(task) ? admitted.with("MacAddress", TaskInterface.mac(task.arn())) : admitted;
  }

  /** Whether it runs; an engine that does not answer says nothing against it. */
  boolean runs() {
    try {
      Container there = host.engine().containers().inspect(name);
      return there != null && there.running();
    } catch (IOException _) {
      return true;
    }
  }

  /** Removes it; one that does not exist is as good as removed. */
  void remove() throws IOException {
    Container there = host.engine().containers().inspect(name);
    if (there != null && ours(there)) {
      host.engine().containers().remove(there.id());
    }
  }

  private boolean ours(Container container) {
    return host.settings().installation().equals(container.labels().get(TaskNetworks.INSTALLATION))
        && task.arn().equals(container.labels().get(TaskNetworks.TASK))
        && PAUSE.equals(container.labels().get(ROLE));
  }
}
