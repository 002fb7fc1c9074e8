// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.task;

import dev.holdfast.agent.engine.Volumes;
import dev.holdfast.agent.host.TaskNetworks;
import dev.holdfast.aws.agent.PayloadTask;
import dev.holdfast.kit.Hashes;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The volumes of one task in the engine: its own, which end with it, and shared ones, which outlive
 * it. A shared volume is that of one cluster and one environment: the name of it in the engine
 * holds both, so no task of another account, cluster or environment ever has it.
 */
record TaskVolumes(TaskHost host, PayloadTask task, String key) {
  static TaskVolumes of(TaskHost host, PayloadTask task) {
    String place = host.settings().installation() + "/" + task.arn();
    return new TaskVolumes(host, task, Hashes.sha256Hex(place).substring(0, 16));
  }

  /** The label of a shared volume that carries the installation's id: clearing up leaves it. */
  static final String SHARED = "dev.holdfast.shared-volume";

  /** Of one installation: what is made by name alone must not fill the engine. */
  private static final int MOST_SHARED = 500;

  /** Makes what is not there; says what is wrong with a volume, or null. */
  @Nullable String provision() throws IOException {
    for (PayloadTask.Volume volume : task.volumes()) {
      String refusal = refusal(volume);
      if (refusal == null && inEngine(volume)) {
        refusal = shared(volume) ? share(volume) : own(volume);
      }
      if (refusal != null) {
        return refusal;
      }
    }
    return null;
  }

  private static @Nullable String refusal(PayloadTask.Volume volume) {
    PayloadTask.VolumeSettings settings = volume.dockerVolumeConfiguration();
    if (settings == null) {
      return null;
    }
    boolean local = settings.driver() == null || settings.driver().equals("local");
    return local && settings.driverOpts().isEmpty()
        ? null
        : "InvalidVolumeError: volume "
            + volume.name()
            + " must have the driver local and no driver options";
  }

  private @Nullable String own(PayloadTask.Volume volume) throws IOException {
    host.engine()
        .volumes()
        .create(
            name(volume),
            Map.of(
                TaskNetworks.INSTALLATION,
                host.settings().installation(),
                TaskNetworks.TASK,
                task.arn()));
    return null;
  }

  private @Nullable String share(PayloadTask.Volume volume) throws IOException {
    Volumes volumes = host.engine().volumes();
    String name = name(volume);
    if (volumes.exists(name)) {
      return null;
    }
    PayloadTask.VolumeSettings settings = volume.dockerVolumeConfiguration();
    if (settings == null || !settings.autoprovision()) {
      return "InvalidVolumeError: the shared volume "
          + volume.name()
          + " is not there: set `autoprovision` to have it made";
    }
    String installation = host.settings().installation();
    if (volumes.list(SHARED + "=" + installation).size() >= MOST_SHARED) {
      return "InvalidVolumeError: this host has "
          + MOST_SHARED
          + " shared volumes already: remove those that nobody needs";
    }
    volumes.create(
        name,
        Map.of(
            SHARED,
            installation,
            "dev.holdfast.cluster",
            cluster(),
            PayloadTask.ENVIRONMENT,
            environment(settings),
            "dev.holdfast.volume",
            volume.name()));
    return null;
  }

  /** The engine's names of all volumes that are not folders of the host, by the task's names. */
  Map<String, String> names() {
    var names = new LinkedHashMap<String, String>();
    task.volumes().stream()
        .filter(TaskVolumes::inEngine)
        .forEach(v -> names.put(v.name(), name(v)));
    return names;
  }

  /** The engine's names of those that end with the task, by the task's names. */
  Map<String, String> own() {
    var own = new LinkedHashMap<String, String>();
    task.volumes().stream()
        .filter(v -> inEngine(v) && !shared(v))
        .forEach(v -> own.put(v.name(), name(v)));
    return own;
  }

  /** Removes the task's own. */
  void remove() throws IOException {
    for (String name : own().values()) {
      host.engine().volumes().remove(name);
    }
  }

  private static boolean inEngine(PayloadTask.Volume volume) {
    PayloadTask.HostVolume place = volume.host();
    return place == null || place.sourcePath() == null || place.sourcePath().isEmpty();
  }

  private static boolean shared(PayloadTask.Volume volume) {
    PayloadTask.VolumeSettings settings = volume.dockerVolumeConfiguration();
    return settings != null && "shared".equals(settings.scope());
  }

  private String cluster() {
    return task.taskClusterArn() == null ? "" : task.taskClusterArn();
  }

  private static String environment(PayloadTask.@Nullable VolumeSettings settings) {
    return settings == null ? "" : settings.labels().getOrDefault(PayloadTask.ENVIRONMENT, "");
  }

  private String name(PayloadTask.Volume volume) {
    if (!shared(volume)) {
      return "ecs-" + volume.name() + "-" + key;
    }
    String place =
        host.settings().installation()
            + "\n"
            + cluster()
            + "\n"
            + environment(volume.dockerVolumeConfiguration())
            + "\n"
            + volume.name();
    return "ecs-shared-" + volume.name() + "-" + Hashes.sha256Hex(place).substring(0, 32);
  }
}
