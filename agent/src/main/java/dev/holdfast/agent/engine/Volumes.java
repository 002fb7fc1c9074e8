// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.engine;

import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.JsonValue.JsonString;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The engine's volumes; only the driver {@code local} without options is ever asked for. */
public final class Volumes {
  private final DockerEngine engine;

  Volumes(DockerEngine engine) {
    this.engine = engine;
  }

  /** Makes a volume, or returns the one that is there with that name. */
  public void create(String name, Map<String, String> labels) throws IOException {
    engine.object(
        "POST",
        "/volumes/create",
        JsonObject.EMPTY
            .with("Name", name)
            .with("Driver", "local")
            .with("Labels", Networks.labels(labels)));
  }

  public boolean exists(String name) throws IOException {
    return inspect(name) != null;
  }

  /** The folder of the host that a volume is, or null where there is no such volume. */
  public @Nullable String folder(String name) throws IOException {
    JsonObject volume = inspect(name);
    return volume == null ? null : volume.string("Mountpoint");
  }

  private @Nullable JsonObject inspect(String name) throws IOException {
    try {
      return engine.object("GET", "/volumes/" + DockerEngine.encoded(name), JsonObject.EMPTY);
    } catch (EngineException e) {
      if (e.notFound()) {
        return null;
      }
      throw e;
    }
  }

  /** The names of all volumes with a label {@code name=value}. */
  public List<String> list(String label) throws IOException {
    String filter = DockerEngine.filters(Map.of("label", List.of(label)));
    return engine
        .object("GET", "/volumes?filters=" + filter, JsonObject.EMPTY)
        .array("Volumes")
        .stream()
        .filter(JsonObject.class::isInstance)
        .map(item -> ((JsonObject) item).get("Name"))
        .filter(JsonString.class::isInstance)
        .map(name -> ((JsonString) name).text())
        .toList();
  }

  /** Removes a volume; one that does not exist is as good as removed. */
  public void remove(String name) throws IOException {
    try {
      engine.order("DELETE", "/volumes/" + DockerEngine.encoded(name));
    } catch (EngineException e) {
      if (!e.notFound()) {
        throw e;
      }
    }
  }
}
