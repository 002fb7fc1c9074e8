// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.engine;

import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.JsonValue.JsonString;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The engine's networks. */
public final class Networks {
  private final DockerEngine engine;

  Networks(DockerEngine engine) {
    this.engine = engine;
  }

  /** A network; {@code subnet} and {@code gateway} are of its first address range. */
  public record Network(
      String id,
      String name,
      @Nullable String subnet,
      @Nullable String gateway,
      Map<String, String> labels) {}

  /**
   * Makes a bridge network.
   *
   * @param bridge the name of its bridge interface, at most 15 characters
   * @return its id
   */
  public String create(
      String name, String bridge, String subnet, String gateway, Map<String, String> labels)
      throws IOException {
    JsonObject range = JsonObject.EMPTY.with("Subnet", subnet).with("Gateway", gateway);
    JsonObject body =
        JsonObject.EMPTY
            .with("Name", name)
            .with("CheckDuplicate", true)
            .with("Driver", "bridge")
            .with("EnableIPv6", false) // whatever the engine's default for networks is
            .with(
                "IPAM",
                JsonObject.EMPTY
                    .with("Driver", "default")
                    .with("Config", new JsonArray(List.of(range))))
            .with("Options", JsonObject.EMPTY.with("com.docker.network.bridge.name", bridge))
            .with("Labels", labels(labels));
    String id = engine.object("POST", "/networks/create", body).string("Id");
    if (id == null) {
      throw new EngineException(0, "the container engine names no id of network " + name);
    }
    return id;
  }

  /** All networks with a label {@code name=value}; an empty label means all. */
  public List<Network> list(String label) throws IOException {
    String filter =
        label.isEmpty() ? "" : "?filters=" + DockerEngine.filters(Map.of("label", List.of(label)));
    var networks = new ArrayList<Network>();
    if (engine.value("GET", "/networks" + filter, JsonObject.EMPTY)
        instanceof JsonArray(var items)) {
      items.forEach(
          item -> {
            if (item instanceof JsonObject object) {
              networks.add(network(object));
            }
          });
    }
    return List.copyOf(networks);
  }

  public boolean exists(String id) throws IOException {
    try {
      engine.object("GET", "/networks/" + id, JsonObject.EMPTY);
      return true;
    } catch (EngineException e) {
      if (e.notFound()) {
        return false;
      }
      throw e;
    }
  }

  /** Removes a network; one that does not exist is as good as removed. */
  public void remove(String id) throws IOException {
    try {
      engine.order("DELETE", "/networks/" + id);
    } catch (EngineException e) {
      if (!e.notFound()) {
        throw e;
      }
    }
  }

  private static Network network(JsonObject json) {
    JsonObject range =
        json.object("IPAM").array("Config").stream()
            .filter(JsonObject.class::isInstance)
            .map(JsonObject.class::cast)
            .findFirst()
            .orElse(JsonObject.EMPTY);
    return new Network(
        text(json, "Id"),
        text(json, "Name"),
        range.string("Subnet"),
        range.string("Gateway"),
        labels(json.object("Labels")));
  }

  static String text(JsonObject json, String name) {
    String text = json.string(name);
    return text == null ? "" : text;
  }

  static JsonObject labels(Map<String, String> labels) {
    var members = new LinkedHashMap<String, JsonValue>();
    labels.forEach((name, value) -> members.put(name, new JsonString(value)));
    return new JsonObject(members);
  }

  static Map<String, String> labels(JsonObject json) {
    var labels = new LinkedHashMap<String, String>();
    json.members()
        .forEach(
            (name, value) ->
                labels.put(name, value instanceof JsonString(var text) ? text : Json.text(value)));
    return Map.copyOf(labels);
  }
}
