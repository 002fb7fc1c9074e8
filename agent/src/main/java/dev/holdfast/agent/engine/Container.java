// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.engine;

import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A container as the engine sees it.
 *
 * @param status created, running, paused, restarting, removing, exited or dead
 * @param exitCode of the last run; meaningless while it runs
 * @param error why the last start failed; empty where it did not
 * @param health starting, healthy or unhealthy; null without a health check
 * @param addresses its IPv4 address in each network, by the network's name
 */
public record Container(
    String id,
    String name,
    String imageId,
    String status,
    int exitCode,
    boolean oomKilled,
    String error,
    @Nullable String health,
    @Nullable Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    Map<String, String> labels,
    Map<String, String> addresses,
    List<Binding> bindings) {

  /** A port of the container that is reachable on the host. */
  public record Binding(int containerPort, String protocol, String hostIp, int hostPort) {}

  public boolean running() {
    return status.equals("running") || status.equals("paused") || status.equals("restarting");
  }

  /** Whether it ran once and has ended. */
  public boolean ended() {
    return status.equals("exited") || status.equals("dead");
  }

  /**
   * The container that an answer of the engine describes.
   *
   * @throws EngineException where a number or a time in it is none
   */
  static Container of(JsonObject json) throws EngineException {
    try {
      return read(json);
    } catch (IllegalArgumentException | ArithmeticException | DateTimeException _) {
      throw new EngineException(0, "the container engine describes a container in no known form");
    }
  }

  private static Container read(JsonObject json) {
    JsonObject state = json.object("State");
    JsonObject settings = json.object("NetworkSettings");
    Long exitCode = state.integer("ExitCode");
    String name = Networks.text(json, "Name");
    var addresses = new HashMap<String, String>();
    settings
        .object("Networks")
        .members()
        .forEach(
            (network, value) -> {
              String ip = value instanceof JsonObject o ? o.string("IPAddress") : null;
              if (ip != null && !ip.isEmpty()) {
                addresses.put(network, ip);
              }
            });
    return new Container(
        Networks.text(json, "Id"),
        name.startsWith("/") ? name.substring(1) : name,
        Networks.text(json, "Image"),
        Networks.text(state, "Status"),
        exitCode == null ? 0 : Math.toIntExact(exitCode),
        state.isTrue("OOMKilled"),
        Networks.text(state, "Error"),
        state.object("Health").string("Status"),
        instant(json.string("Created")),
        instant(state.string("StartedAt")),
        instant(state.string("FinishedAt")),
        Networks.labels(json.object("Config").object("Labels")),
        Map.copyOf(addresses),
        bindings(settings.object("Ports")));
  }

  private static List<Binding> bindings(JsonObject ports) {
    var bindings = new ArrayList<Binding>();
    ports
        .members()
        .forEach(
            (port, value) -> {
              int slash = port.indexOf('/');
              if (slash > 0 && value instanceof JsonArray(var items)) {
                items.forEach(
                    item -> {
                      if (item instanceof JsonObject o && o.string("HostPort") != null) {
                        bindings.add(
                            new Binding(
                                Integer.parseInt(port.substring(0, slash)),
                                port.substring(slash + 1),
                                Networks.text(o, "HostIp"),
                                Integer.parseInt(Networks.text(o, "HostPort"))));
                      }
                    });
              }
            });
    return List.copyOf(bindings);
  }

  /** The engine writes the year 1 where something has not happened. */
  private static @Nullable Instant instant(@Nullable String text) {
    if (text == null || text.startsWith("0001-")) {
      return null;
    }
    try {
      return Instant.parse(text);
    } catch (DateTimeException _) {
      return java.time.OffsetDateTime.parse(text).toInstant();
    }
  }
}
