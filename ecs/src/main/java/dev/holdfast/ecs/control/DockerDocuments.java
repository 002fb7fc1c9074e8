// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.control;

import dev.holdfast.ecs.model.ContainerSpec;
import dev.holdfast.ecs.model.TaskSpec;
import dev.holdfast.ecs.plan.TaskSize;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Two documents of the container engine. */
final class DockerDocuments {
  private static final long SECOND = 1_000_000_000L;
  private static final long MIB = 1024L * 1024;

  private DockerDocuments() {}

  static String config(ContainerSpec c) {
    JsonObject config = JsonObject.EMPTY;
    if (!c.dockerLabels().isEmpty()) {
      var labels = new LinkedHashMap<String, JsonValue>();
      c.dockerLabels().forEach((name, value) -> labels.put(name, JsonValue.of(value)));
      config = config.with("Labels", new JsonObject(labels));
    }
    config = text(config, "User", c.user());
    config = text(config, "WorkingDir", c.workingDirectory());
    config = text(config, "Hostname", c.hostname());
    config = c.pseudoTerminal() ? config.with("Tty", true) : config;
    config = c.interactive() ? config.with("OpenStdin", true) : config;
    ContainerSpec.HealthCheck check = c.healthCheck();
    if (check != null) {
      config =
          config.with(
              "Healthcheck",
              JsonObject.EMPTY
                  .with("Test", JsonArray.ofStrings(check.command()))
                  .with("Interval", or(check.interval(), 30) * SECOND)
                  .with("Timeout", or(check.timeout(), 5) * SECOND)
                  .with("Retries", or(check.retries(), 3))
                  .with("StartPeriod", or(check.startPeriod(), 0) * SECOND));
    }
    return dev.holdfast.kit.Json.text(config);
  }

  /**
   * What the container asks of its host; the host's policy decides.
   *
   * @param logOptions what becomes of the options of a log driver
   * @param files whether the engine is to be told of its own files too, by an agent that caps none
   */
  static String hostConfig(
      TaskSpec spec,
      ContainerSpec c,
      Function<ContainerSpec.LogConfiguration, Map<String, String>> logOptions,
      boolean files) {
    JsonObject host = JsonObject.EMPTY;
    host = "none".equals(spec.networkMode()) ? host.with("NetworkMode", "none") : host;
    host = log(host, c.logConfiguration(), logOptions, files);
    host = c.readonlyRootFilesystem() ? host.with("ReadonlyRootfs", true) : host;
    if (c.memoryReservation() != null) {
      host = host.with("MemoryReservation", c.memoryReservation() * MIB);
    }
    if (!c.ulimits().isEmpty()) {
      host =
          host.with(
              "Ulimits",
              new JsonArray(
                  c.ulimits().stream()
                      .<JsonValue>map(
                          u ->
                              JsonObject.EMPTY
                                  .with("Name", u.name())
                                  .with("Soft", u.softLimit())
                                  .with("Hard", u.hardLimit()))
                      .toList()));
    }
    host = list(host, "Dns", c.dnsServers());
    host = list(host, "DnsSearch", c.dnsSearchDomains());
    host =
        list(
            host,
            "ExtraHosts",
            c.extraHosts().stream().map(h -> h.hostname() + ":" + h.ipAddress()).toList());
    host = list(host, "SecurityOpt", c.dockerSecurityOptions());
    if (!c.systemControls().isEmpty()) {
      var sysctls = new LinkedHashMap<String, JsonValue>();
      c.systemControls()
          .forEach(
              s ->
                  sysctls.put(
                      String.valueOf(s.namespace()), JsonValue.of(String.valueOf(s.value()))));
      host = host.with("Sysctls", new JsonObject(sysctls));
    }
    return dev.holdfast.kit.Json.text(linux(swap(host, spec, c), c.linuxParameters()));
  }

  /** The engine counts memory and swap together. Without a limit of swap its own rule holds. */
  private static JsonObject swap(JsonObject host, TaskSpec spec, ContainerSpec c) {
    ContainerSpec.Linux linux = c.linuxParameters();
    Integer swap = linux == null ? null : linux.maxSwap();
    if (linux == null || swap == null) {
      return host;
    }
    int memory = c.memory() == null ? TaskSize.memory(spec.memory()).orElse(0) : or(c.memory(), 0);
    JsonObject limited = host.with("MemorySwap", (memory + (long) swap) * MIB);
    return linux.swappiness() == null
        ? limited
        : limited.with("MemorySwappiness", or(linux.swappiness(), 60));
  }

  /** Where the output goes; absent where the host's own capped files are meant. */
  private static JsonObject log(
      JsonObject host,
      ContainerSpec.@Nullable LogConfiguration log,
      Function<ContainerSpec.LogConfiguration, Map<String, String>> logOptions,
      boolean files) {
    String driver = log == null ? null : log.logDriver();
    if (log == null || driver == null || (driver.equals("json-file") && !files)) {
      return host;
    }
    var options = new LinkedHashMap<String, JsonValue>();
    logOptions.apply(log).forEach((name, value) -> options.put(name, JsonValue.of(value)));
    return host.with(
        "LogConfig", JsonObject.EMPTY.with("Type", driver).with("Config", new JsonObject(options)));
  }

  private static JsonObject linux(JsonObject given, ContainerSpec.@Nullable Linux linux) {
    if (linux == null) {
      return given;
    }
    JsonObject host = linux.initProcessEnabled() ? given.with("Init", true) : given;
    ContainerSpec.Capabilities capabilities = linux.capabilities();
    if (capabilities != null) {
      host = list(host, "CapDrop", capabilities.drop());
      host = list(host, "CapAdd", capabilities.add());
    }
    if (linux.sharedMemorySize() != null) {
      host = host.with("ShmSize", linux.sharedMemorySize() * MIB);
    }
    if (!linux.tmpfs().isEmpty()) {
      var tmpfs = new LinkedHashMap<String, JsonValue>();
      for (ContainerSpec.Tmpfs t : linux.tmpfs()) {
        String options = String.join(",", t.mountOptions());
        tmpfs.put(
            t.containerPath(),
            JsonValue.of("size=" + t.size() + "m" + (options.isEmpty() ? "" : "," + options)));
      }
      host = host.with("Tmpfs", new JsonObject(tmpfs));
    }
    return host;
  }

  private static JsonObject text(JsonObject object, String name, @Nullable String value) {
    return value == null || value.isEmpty() ? object : object.with(name, value);
  }

  private static JsonObject list(JsonObject object, String name, List<String> values) {
    return values.isEmpty() ? object : object.with(name, JsonArray.ofStrings(values));
  }

  private static int or(@Nullable Integer value, int otherwise) {
    return value == null ? otherwise : value;
  }
}
