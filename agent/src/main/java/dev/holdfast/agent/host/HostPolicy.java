// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.host;

import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonBool;
import dev.holdfast.kit.JsonValue.JsonNull;
import dev.holdfast.kit.JsonValue.JsonNumber;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.JsonValue.JsonString;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Decides, on the final create request and whatever the platform says, what a container may have of
 * its host. Members that are not known to be harmless are refused, so a new feature of the engine
 * opens nothing. Every container gets no-new-privileges, a process limit, a capped log, and loses
 * NET_RAW.
 */
public final class HostPolicy {
  /** The prefixes of labels that only the agent may set. */
  public static final List<String> RESERVED_LABELS = List.of("dev.holdfast.", "com.amazonaws.ecs.");

  private static final Set<String> CONFIG =
      Set.of(
          "Image",
          "Cmd",
          "Entrypoint",
          "Env",
          "ExposedPorts",
          "Labels",
          "User",
          "WorkingDir",
          "Hostname",
          "Domainname",
          "Tty",
          "OpenStdin",
          "StdinOnce",
          "AttachStdin",
          "AttachStdout",
          "AttachStderr",
          "Healthcheck",
          "StopSignal",
          "StopTimeout",
          "NetworkDisabled",
          "HostConfig",
          "NetworkingConfig");
  private static final Set<String> HARMLESS =
      Set.of(
          "PortBindings",
          "Memory",
          "MemoryReservation",
          "MemorySwap",
          "MemorySwappiness",
          "CpuShares",
          "NanoCpus",
          "CpuPeriod",
          "CpuQuota",
          "ReadonlyRootfs",
          "Init",
          "ShmSize",
          "Ulimits",
          "Dns",
          "DnsSearch",
          "DnsOptions",
          "ExtraHosts",
          "CapDrop",
          "LogConfig",
          "PidsLimit",
          "Tmpfs");

  /**
   * What belongs to the task whose container is checked.
   *
   * @param network the name of the task's network
   * @param volumes the names of the task's volumes
   * @param containers the names and ids of the task's containers
   */
  public record TaskScope(String network, Set<String> volumes, Set<String> containers) {}

  private final HostRules rules;

  public HostPolicy(HostRules rules) {
    this.rules = rules;
  }

  /**
   * Refuses labels of ours in a task definition, with which one container could pass for another.
   *
   * @throws HostRefusal naming them
   */
  public static void checkLabels(Set<String> labels) throws HostRefusal {
    var reserved = new TreeSet<String>();
    for (String label : labels) {
      if (RESERVED_LABELS.stream().anyMatch(label::startsWith)) {
        reserved.add("the reserved label " + label);
      }
    }
    if (!reserved.isEmpty()) {
      throw new HostRefusal(List.copyOf(reserved));
    }
  }

  /**
   * Returns the request as it may go to the engine.
   *
   * @throws HostRefusal naming every rule it breaks
   */
  public JsonObject admit(JsonObject request, TaskScope scope) throws HostRefusal {
    var broken = new ArrayList<String>();
    request
        .members()
        .forEach(
            (name, value) -> {
              if (!CONFIG.contains(name) && !isEmpty(value)) {
                broken.add("the member " + name);
              }
            });
    checkNetworks(request, scope, broken);
    JsonObject host = request.object("HostConfig");
    host.members().forEach((name, value) -> check(name, value, scope, broken));
    JsonObject hardened = harden(host, broken);
    if (!broken.isEmpty()) {
      throw new HostRefusal(broken);
    }
    return request.with("HostConfig", hardened);
  }

  private static void checkNetworks(JsonObject request, TaskScope scope, List<String> broken) {
    request
        .object("NetworkingConfig")
        .object("EndpointsConfig")
        .members()
        .keySet()
        .forEach(
            name -> {
              if (!name.equals(scope.network())) {
                broken.add("the network " + name);
              }
            });
    String mode = request.object("HostConfig").string("NetworkMode");
    if (mode == null || !(mode.equals(scope.network()) || mode.equals("none"))) {
      broken.add("the network mode " + mode);
    }
  }

  private void check(String name, JsonValue value, TaskScope scope, List<String> broken) {
    if (isEmpty(value) || HARMLESS.contains(name)) {
      return;
    }
    boolean fine =
        switch (name) {
          case "NetworkMode", "Mounts" -> true;
          case "IpcMode" -> isOneOf(value, "private", "none");
          case "CgroupnsMode" -> isOneOf(value, "private");
          case "VolumeDriver" -> isOneOf(value, "local");
          case "CapAdd" -> texts(value).stream().allMatch(this::allowsCapability);
          case "SecurityOpt" -> texts(value).stream().allMatch(HostPolicy::isHardening);
          case "VolumesFrom" ->
              texts(value).stream().allMatch(from -> scope.containers().contains(source(from)));
          case "RestartPolicy" ->
              value instanceof JsonObject policy && isOneOf(policy.get("Name"), "no");
          case "OomScoreAdj" -> value instanceof JsonNumber number && number.asDouble() >= 0;
          default -> false;
        };
    if (!fine) {
      broken.add(name.equals("Privileged") ? "privileged containers" : name + " of this kind");
    }
    if (name.equals("Mounts") && value instanceof JsonArray(var mounts)) {
      mounts.forEach(mount -> checkMount(mount, scope, broken));
    } else if (name.equals("Mounts")) {
      broken.add("mounts of this kind");
    }
  }

  private static void checkMount(JsonValue value, TaskScope scope, List<String> broken) {
    JsonObject mount = value instanceof JsonObject object ? object : JsonObject.EMPTY;
    String type = mount.string("Type");
    String source = mount.string("Source");
    Set<String> known = Set.of("Type", "Source", "Target", "ReadOnly");
    mount
        .members()
        .forEach(
            (name, member) -> {
              if (!known.contains(name) && !isEmpty(member)) {
                broken.add("the mount option " + name);
              }
            });
    if ("volume".equals(type)) {
      if (source == null || !scope.volumes().contains(source)) {
        broken.add("a volume that is not the task's own");
      }
    } else if (!"bind".equals(type)) {
      broken.add("mounts of type " + type);
    }
  }

  private JsonObject harden(JsonObject host, List<String> broken) {
    var options = new LinkedHashSet<>(texts(host.get("SecurityOpt")));
    options.removeIf(HostPolicy::isHardening);
    options.add("no-new-privileges:true");
    var dropped = new LinkedHashSet<String>(texts(host.get("CapDrop")));
    if (!dropped.contains("ALL")) {
      dropped.add("NET_RAW");
    }
    Long wanted = host.integer("PidsLimit");
    long pids = wanted == null || wanted <= 0 ? rules.pids() : Math.min(wanted, rules.pids());
    JsonObject log =
        JsonObject.EMPTY
            .with("Type", "json-file")
            .with(
                "Config",
                JsonObject.EMPTY
                    .with("max-size", rules.logSize())
                    .with("max-file", Integer.toString(rules.logFiles())));
    JsonObject hardened =
        host.with("SecurityOpt", JsonArray.ofStrings(options))
            .with("CapDrop", JsonArray.ofStrings(dropped))
            .with("PidsLimit", pids)
            .with("LogConfig", log)
            .with("Privileged", false)
            .with("IpcMode", isOneOf(host.get("IpcMode"), "none") ? "none" : "private");
    if (host.get("Mounts") instanceof JsonArray(var mounts)) {
      var real = new ArrayList<JsonValue>();
      mounts.forEach(mount -> real.add(resolve(mount, broken)));
      hardened = hardened.with("Mounts", new JsonArray(real));
    }
    return hardened;
  }

  /** A bind mount with its links resolved, so that a link cannot lead out of what is listed. */
  private JsonValue resolve(JsonValue value, List<String> broken) {
    if (!(value instanceof JsonObject mount) || !"bind".equals(mount.string("Type"))) {
      return value;
    }
    String source = mount.string("Source");
    try {
      Path real = Path.of(source == null ? "" : source).toRealPath();
      for (HostRules.BindMount allowed : rules.bindMounts()) {
        boolean inside = real.startsWith(Path.of(allowed.path()).toRealPath());
        if (inside && (!allowed.readOnly() || mount.isTrue("ReadOnly"))) {
          return mount.with("Source", real.toString());
        }
      }
    } catch (IOException _) {
      // Falls through: what cannot be resolved is not listed.
    }
    broken.add("the bind mount " + source + ", which its policy file does not list");
    return value;
  }

  private boolean allowsCapability(String name) {
    String bare = name.startsWith("CAP_") ? name.substring(4) : name;
    return rules.capabilities().contains(bare);
  }

  private static boolean isHardening(String option) {
    return option.equals("no-new-privileges")
        || option.equals("no-new-privileges:true")
        || option.equals("no-new-privileges=true");
  }

  private static String source(String from) {
    int colon = from.indexOf(':');
    return colon < 0 ? from : from.substring(0, colon);
  }

  private static boolean isOneOf(
      @org.jspecify.annotations.Nullable JsonValue value, String... texts) {
    return value instanceof JsonString(var text) && List.of(texts).contains(text);
  }

  private static List<String> texts(@org.jspecify.annotations.Nullable JsonValue value) {
    var texts = new ArrayList<String>();
    if (value instanceof JsonArray(var items)) {
      // What is no text cannot be judged, and becomes a text that no rule allows.
      items.forEach(item -> texts.add(item instanceof JsonString(var text) ? text : "?"));
    } else if (value != null && !isEmpty(value)) {
      texts.add("?");
    }
    return texts;
  }

  private static boolean isEmpty(JsonValue value) {
    return switch (value) {
      case JsonNull() -> true;
      case JsonBool(var set) -> !set;
      case JsonString(var text) -> text.isEmpty();
      case JsonArray(var items) -> items.isEmpty();
      case JsonObject(Map<String, JsonValue> members) -> members.isEmpty();
      case JsonNumber number -> number.asDouble() == 0;
    };
  }
}
