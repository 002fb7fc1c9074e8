// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.engine;

import dev.holdfast.kit.Ids;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The engine's containers. */
public final class Containers {
  private final DockerEngine engine;

  Containers(DockerEngine engine) {
    this.engine = engine;
  }

  /**
   * Makes a container without starting it.
   *
   * @param request the engine's create request; the host policy has seen it
   * @return its id
   */
  public String create(String name, JsonObject request) throws IOException {
    String path = "/containers/create?name=" + DockerEngine.encoded(name);
    String id = engine.object("POST", path, request).string("Id");
    if (id == null) {
      throw new EngineException(0, "the container engine names no id of container " + name);
    }
    return id;
  }

  public void start(String id) throws IOException {
    engine.order("POST", "/containers/" + id + "/start");
  }

  /** Sends the image's stop signal, and SIGKILL after {@code patience}; returns when it ended. */
  public void stop(String id, Duration patience) throws IOException {
    String path = "/containers/" + id + "/stop?t=" + patience.toSeconds();
    Duration wait = patience.plus(DockerEngine.PATIENCE);
    try (var response = engine.stream("POST", path, Map.of(), "", wait)) {
      response.bytes(1024);
    }
  }

  public void kill(String id, String signal) throws IOException {
    engine.order("POST", "/containers/" + id + "/kill?signal=" + signal);
  }

  /** Blocks until the container is not running, and returns its exit code. */
  public int await(String id, Duration patience) throws IOException {
    String path = "/containers/" + id + "/wait?condition=not-running";
    try (var response = engine.stream("POST", path, Map.of(), "", patience)) {
      Long code = DockerEngine.answer(response.bytes(64 * 1024)).integer("StatusCode");
      if (code == null || code != code.intValue()) {
        throw new EngineException(0, "the container engine names no exit code of " + id);
      }
      return code.intValue();
    }
  }

  /** The container, or null where there is none with that id or name. */
  public @Nullable Container inspect(String id) throws IOException {
    try {
      return Container.of(engine.object("GET", "/containers/" + id + "/json", JsonObject.EMPTY));
    } catch (EngineException e) {
      if (e.notFound()) {
        return null;
      }
      throw e;
    }
  }

  /**
   * How many bytes a container has written beside its image; 0 of one that is gone. The engine
   * walks over its files for it.
   */
  public long written(String id) throws IOException {
    try {
      Long bytes =
          engine
              .object("GET", "/containers/" + id + "/json?size=true", JsonObject.EMPTY)
              .integer("SizeRw");
      return bytes == null ? 0 : Math.max(0, bytes);
    } catch (EngineException e) {
      if (e.notFound()) {
        return 0;
      }
      throw e;
    }
  }

  /**
   * A container in a list.
   *
   * @param networkMode the name of its network
   */
  public record Listed(String id, Map<String, String> labels, String networkMode) {}

  /** The ids of all containers with a label {@code name=value}, whatever their state. */
  public List<String> list(String label) throws IOException {
    return listed(label).stream().map(Listed::id).toList();
  }

  /** All containers with a label {@code name=value}, whatever their state. */
  public List<Listed> listed(String label) throws IOException {
    String filter = DockerEngine.filters(Map.of("label", List.of(label)));
    var found = new ArrayList<Listed>();
    if (engine.value("GET", "/containers/json?all=true&filters=" + filter, JsonObject.EMPTY)
        instanceof JsonArray(var items)) {
      items.forEach(
          item -> {
            if (item instanceof JsonObject object) {
              found.add(
                  new Listed(
                      Networks.text(object, "Id"),
                      Networks.labels(object.object("Labels")),
                      Networks.text(object.object("HostConfig"), "NetworkMode")));
            }
          });
    }
    return List.copyOf(found);
  }

  /** The ids of the images of all containers, whoever made them, whatever their state. */
  public Set<String> imageIds() throws IOException {
    var ids = new HashSet<String>();
    if (engine.value("GET", "/containers/json?all=true", JsonObject.EMPTY)
        instanceof JsonArray(var items)) {
      items.forEach(
          item -> {
            if (item instanceof JsonObject object) {
              ids.add(Networks.text(object, "ImageID"));
            }
          });
    }
    return ids;
  }

  /** Removes a container with its anonymous volumes, running or not. */
  public void remove(String id) throws IOException {
    try {
      engine.order("DELETE", "/containers/" + id + "?v=true&force=true");
    } catch (EngineException e) {
      if (!e.notFound()) {
        throw e;
      }
    }
  }

  /** What the container wrote since a time; with {@code follow} also what it writes from now on. */
  public ContainerLogs logs(String id, boolean follow, Instant since) throws IOException {
    return logs(id, follow, since, false);
  }

  /** As {@link #logs(String, boolean, Instant)}, each piece with its time before it. */
  public ContainerLogs timed(String id, boolean follow, Instant since) throws IOException {
    return logs(id, follow, since, true);
  }

  private ContainerLogs logs(String id, boolean follow, Instant since, boolean times)
      throws IOException {
    String path =
        "/containers/"
            + id
            + "/logs?stdout=true&stderr=true&timestamps="
            + times
            + "&follow="
            + follow
            + "&since="
            + since.getEpochSecond()
            + "."
            + Ids.padded(since.getNano(), 9);
    JsonObject json = engine.object("GET", "/containers/" + id + "/json", JsonObject.EMPTY);
    boolean terminal = json.object("Config").isTrue("Tty");
    return new ContainerLogs(
        engine.stream("GET", path, Map.of(), "", DockerEngine.PATIENCE), terminal);
  }

  /** One reading of the container's use of resources, as the engine writes it. */
  public JsonObject stats(String id) throws IOException {
    return engine.object(
        "GET", "/containers/" + id + "/stats?stream=false&one-shot=true", JsonObject.EMPTY);
  }
}
