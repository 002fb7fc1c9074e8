// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.task;

import dev.holdfast.agent.cgroup.TaskCgroups;
import dev.holdfast.agent.engine.Container;
import dev.holdfast.agent.engine.DockerEngine;
import dev.holdfast.agent.host.HostPolicy;
import dev.holdfast.agent.host.TaskNetwork;
import dev.holdfast.agent.host.TaskNetworks;
import dev.holdfast.agent.tidy.PulledImages;
import java.time.InstantSource;

/**
 * What the tasks of one host share.
 *
 * @param settings what the host's configuration says
 * @param cgroups in which tasks are held to limits of their own
 * @param gates opened for each task's network before its first container starts
 * @param output where what containers write goes
 * @param pulled the images that were brought here
 */
public record TaskHost(
    DockerEngine engine,
    TaskNetworks networks,
    HostPolicy policy,
    TaskCgroups cgroups,
    TaskFiles files,
    TaskCredentials credentials,
    SecretSource secrets,
    RegistrySignIn registry,
    TaskReporter reporter,
    NetworkGate gates,
    TaskOutput output,
    PulledImages pulled,
    Settings settings,
    InstantSource clock) {

  /**
   * What the host's configuration says.
   *
   * @param installation the installation's id
   * @param bindAddress where published ports listen
   * @param region the platform's region, for containers that set none
   * @param cachedImages whether an image without registry sign-in may come from the engine's cache
   */
  public record Settings(
      String installation, String bindAddress, String region, boolean cachedImages) {}

  /** Whether the labels of a container say that it is a task's, of this installation. */
  boolean owns(Container container, String taskArn, String name) {
    var labels = container.labels();
    return settings.installation().equals(labels.get(TaskNetworks.INSTALLATION))
        && taskArn.equals(labels.get(TaskNetworks.TASK))
        && name.equals(labels.get(ContainerRequest.CONTAINER));
  }

  /** Serves what a container can ask its agent, on the gateway of each task's network. */
  public interface NetworkGate {
    /** Listens on the network's gateway; does nothing where it does already. */
    void open(TaskNetwork network) throws java.io.IOException;

    void close(TaskNetwork network);
  }
}
