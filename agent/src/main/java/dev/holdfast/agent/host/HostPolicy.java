// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.host;

import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonBool;
import dev.holdfast.kit.JsonValue.JsonNull;
import dev.holdfast.kit.JsonValue.JsonNumber;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.JsonValue.JsonString;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Decides, on the final create request and whatever the platform says, what a container may have of
 * its host. Only members on a list go to the engine, in the spelling of the list (the engine itself
 * takes any case), so a new feature of the engine opens nothing; all others are refused, even where
 * they are empty: an empty list of masked paths unmasks them all. Every container gets
 * no-new-privileges, a process limit, a capped log, and loses NET_RAW.
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
          "Memory",
          "MemoryReservation",
          "CpuShares",
          "NanoCpus",
          "CpuPeriod",
          "CpuQuota",
          "ReadonlyRootfs",
          "Init",
          "ShmSize",
          "Dns",
          "DnsSearch",
          "DnsOptions",
          "CapDrop",
          "LogConfig",
          "PidsLimit",
          "Tmpfs");

  /** Members that ask for nothing where they are empty; they are left out then. */
  private static final Set<String> EMPTY_ASKS_NOTHING =
      Set.of(
          "AutoRemove",
          "Binds",
          "CapAdd",
          "CgroupParent",
          "CgroupnsMode",
          "DeviceCgroupRules",
          "DeviceRequests",
          "Devices",
          "ExtraHosts",
          "GroupAdd",
          "IpcMode",
          "Links",
          "Mounts",
          "OomKillDisable",
          "OomScoreAdj",
          "PidMode",
          "PortBindings",
          "Privileged",
          "PublishAllPorts",
          "RestartPolicy",
          "Runtime",
          "SecurityOpt",
          "StorageOpt",
          "Sysctls",
          "UTSMode",
          "UsernsMode",
          "VolumeDriver",
          "VolumesFrom");

  /** A name and an address; {@code host-gateway} is no address. */
  private static final Pattern EXTRA_HOST =
      Pattern.compile(
          "[A-Za-z0-9._-]{1,253}:([0-9]{1,3}(\\.[0-9]{1,3}){3}|\\[?[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*\\]?)");

  /** A user by number, other than root; a name could mean anybody, as the image has it. */
  private static final Pattern NOT_ROOT = Pattern.compile("([1-9][0-9]{0,9})(:.*)?");

  /**
   * What belongs to the task whose container is checked.
   *
   * @param network the name of the task's network
   * @param volumes the names of the task's volumes
   * @param containers the names and ids of the task's containers
   * @param bindAddress where its published ports listen
   * @param imageUser the user that the container's image names; empty for none
   * @param pause the id of the task's own container that holds the namespaces which its containers
   *     share; empty where they share none
   */
  public record TaskScope(
      String network,
      Set<String> volumes,
      Set<String> containers,
      String bindAddress,
      String imageUser,
      String pause) {
    /** What belongs to a task whose containers share no namespaces. */
    public TaskScope(
        String network,
        Set<String> volumes,
        Set<String> containers,
        String bindAddress,
        String imageUser) {
      this(network, volumes, containers, bindAddress, imageUser, "");
    }

    /** Whether a mode joins the namespace of the task, and so of no other container. */
    boolean joins(String mode) {
      return !pause.isEmpty() && mode.equals("container:" + pause);
    }
  }

  private final HostRules rules;
  private final MountRules mounts;
  private final KernelRules kernel;
  private final NetworkRules networks;

  /** The policy of a host whose rules close nothing but what they do not list. */
  public HostPolicy(HostRules rules) {
    this(rules, List.of());
  }

  /**
   * The policy of a host.
   *
   * @param closed files and folders that no container gets, whatever the rules list: the engine's
   *     socket, the agent's own
   */
  public HostPolicy(HostRules rules, List<Path> closed) {
    this.rules = rules;
    this.mounts = new MountRules(rules, closed);
    this.kernel = new KernelRules(rules);
    this.networks = new NetworkRules(rules);
  }

  /** What the platform may know of the rules: the words by which a task finds a host. */
  public Set<String> grants() {
    Set<String> grants = rules.grants();
    grants.addAll(mounts.grants());
    return grants;
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
    JsonObject admitted = JsonObject.EMPTY;
    for (var member : request.members().entrySet()) {
      if (CONFIG.contains(member.getKey()) && !(member.getValue() instanceof JsonNull)) {
        admitted = admitted.with(member.getKey(), member.getValue());
      } else if (!(member.getValue() instanceof JsonNull)) {
        broken.add("the member " + member.getKey());
      }
    }
    networks.check(request, scope, broken);
    checkUser(request, scope, broken);
    JsonObject host = JsonObject.EMPTY;
    for (var member : request.object("HostConfig").members().entrySet()) {
      if (goesOn(member.getKey(), member.getValue(), scope, broken)) {
        host = host.with(member.getKey(), member.getValue());
      }
    }
    JsonObject hardened = harden(host, scope, broken);
    if (!broken.isEmpty()) {
      throw new HostRefusal(broken);
    }
    return admitted.with("HostConfig", hardened);
  }

  /** Where the rules say so no container runs as root, and it must be seen that it does not. */
  private void checkUser(JsonObject request, TaskScope scope, List<String> broken) {
    String given = request.string("User");
    String user = given == null || given.isEmpty() ? scope.imageUser() : given;
    var number = NOT_ROOT.matcher(user);
    boolean other = number.matches() && Long.parseLong(number.group(1)) <= Integer.MAX_VALUE;
    if (rules.rootRefused() && !other) {
      broken.add(
          (user.isEmpty() ? "root" : "the user " + user)
              + ": a container's user must be a number other than 0 here");
    }
  }

  /** Whether a member goes to the engine; where it must not, the rule it breaks is noted. */
  private boolean goesOn(String name, JsonValue value, TaskScope scope, List<String> broken) {
    if (value instanceof JsonNull || (isEmpty(value) && EMPTY_ASKS_NOTHING.contains(name))) {
      return false;
    }
    boolean fine =
        HARMLESS.contains(name)
            || switch (name) {
              case "NetworkMode" -> true; // checked with the networks
              case "IpcMode" ->
                  isOneOf(value, "private", "none")
                      || (value instanceof JsonString(var mode) && scope.joins(mode))
                      || (rules.ipcShared() && isOneOf(value, "host"));
              case "PidMode" ->
                  (value instanceof JsonString(var mode) && scope.joins(mode))
                      || (rules.pidShared() && isOneOf(value, "host"));
              case "Sysctls" -> kernel.sysctls(value);
              case "Ulimits" -> KernelRules.ulimits(value);
              case "MemorySwap", "MemorySwappiness" -> true; // checked with the memory
              case "CgroupnsMode" -> isOneOf(value, "private");
              case "VolumeDriver" -> isOneOf(value, "local");
              case "CapAdd" -> texts(value).stream().allMatch(this::allowsCapability);
              case "SecurityOpt" -> texts(value).stream().allMatch(HostPolicy::isHardening);
              case "ExtraHosts" ->
                  texts(value).stream().allMatch(host -> EXTRA_HOST.matcher(host).matches());
              case "PortBindings" -> publishes(value, scope);
              case "VolumesFrom" ->
                  texts(value).stream().allMatch(from -> scope.containers().contains(source(from)));
              case "RestartPolicy" ->
                  value instanceof JsonObject policy && isOneOf(policy.get("Name"), "no");
              case "OomScoreAdj" -> value instanceof JsonNumber number && number.asDouble() >= 0;
              case "Mounts" -> mounts.check(value, scope, broken);
              default -> false;
            };
    if (!fine) {
      broken.add(name.equals("Privileged") ? "privileged containers" : name + " of this kind");
    }
    return true;
  }

  /** Whether ports are published where the host says and nowhere else. */
  private static boolean publishes(JsonValue value, TaskScope scope) {
    return value instanceof JsonObject ports
        && ports.members().values().stream()
            .allMatch(
                bindings ->
                    bindings instanceof JsonArray(var items)
                        && items.stream()
                            .allMatch(
                                item ->
                                    item instanceof JsonObject binding
                                        && scope.bindAddress().equals(binding.string("HostIp"))));
  }

  private JsonObject harden(JsonObject host, TaskScope scope, List<String> broken) {
    if (!KernelRules.swap(host)) {
      broken.add("more swap than memory, or swap without a limit");
    }
    if ("host".equals(host.string("NetworkMode")) && KernelRules.setsNetwork(host)) {
      broken.add("kernel parameters of the host's own network");
    }
    var options = new LinkedHashSet<>(texts(host.get("SecurityOpt")));
    options.removeIf(HostPolicy::isHardening);
    options.add("no-new-privileges:true");
    var dropped = new LinkedHashSet<String>(texts(host.get("CapDrop")));
    if (!dropped.contains("ALL")) {
      dropped.add("NET_RAW");
    }
    Long wanted = host.integer("PidsLimit");
    long pids = wanted == null || wanted <= 0 ? rules.pids() : Math.min(wanted, rules.pids());
    // Whatever driver is asked for: the agent takes output along from capped files.
    JsonObject files =
        JsonObject.EMPTY
            .with("max-size", rules.logSize())
            .with("max-file", Integer.toString(rules.logFiles()));
    boolean silent = isOneOf(host.object("LogConfig").get("Type"), "none");
    JsonObject log =
        JsonObject.EMPTY
            .with("Type", silent ? "none" : "json-file")
            .with("Config", silent ? JsonObject.EMPTY : files);
    JsonObject hardened =
        host.with("SecurityOpt", JsonArray.ofStrings(options))
            .with("CapDrop", JsonArray.ofStrings(dropped))
            .with("PidsLimit", pids)
            .with("LogConfig", log)
            .with("Privileged", false)
            .with("IpcMode", ipc(host, scope));
    return host.get("Mounts") instanceof JsonArray(var items)
        ? hardened.with("Mounts", mounts.resolved(items, broken))
        : hardened;
  }

  /** Of a namespace of its own where nothing else was admitted: the engine's default may differ. */
  private static String ipc(JsonObject host, TaskScope scope) {
    String mode = host.string("IpcMode");
    return mode != null && (scope.joins(mode) || Set.of("none", "host").contains(mode))
        ? mode
        : "private";
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

  private static boolean isOneOf(@Nullable JsonValue value, String... texts) {
    return value instanceof JsonString(var text) && List.of(texts).contains(text);
  }

  private static List<String> texts(@Nullable JsonValue value) {
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
