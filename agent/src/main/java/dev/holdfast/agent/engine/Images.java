// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.engine;

import dev.holdfast.agent.plan.TidyPlan;
import dev.holdfast.http.UnixHttpClient.Response;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.JsonValue.JsonString;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The engine's images. */
public final class Images {
  private static final Duration PULL = Duration.ofHours(2);
  private final DockerEngine engine;

  Images(DockerEngine engine) {
    this.engine = engine;
  }

  /** How to sign in to a registry; prints as {@code ***}. */
  public record RegistryAuth(String username, String password, String serverAddress) {
    String header() {
      JsonObject auth =
          JsonObject.EMPTY
              .with("username", username)
              .with("password", password)
              .with("serveraddress", serverAddress);
      return Base64.getUrlEncoder()
          .encodeToString(Json.text(auth).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
      return "RegistryAuth[***]";
    }
  }

  /**
   * An image the engine holds.
   *
   * @param id the digest of its configuration
   * @param config the configuration: Env, Cmd, Entrypoint, ExposedPorts, Labels, User
   */
  public record Image(String id, List<String> repoDigests, JsonObject config) {}

  /**
   * Asks the image's registry for its manifest, whatever the engine holds already, and so also
   * whether the caller may have it.
   *
   * @return the manifest's digest
   */
  public String resolve(String reference, @Nullable RegistryAuth auth) throws IOException {
    String path = "/distribution/" + reference + "/json";
    try (Response response = engine.stream("GET", path, headers(auth), "", DockerEngine.PATIENCE)) {
      JsonObject answer = DockerEngine.answer(response.bytes(1024 * 1024));
      String digest = answer.object("Descriptor").string("digest");
      if (digest == null) {
        throw new EngineException(0, "the registry names no digest of " + reference);
      }
      return digest;
    }
  }

  /**
   * Pulls an image; returns when all of it has arrived.
   *
   * @param repository the name with its registry, without tag or digest
   * @param version a digest, or a tag
   * @throws EngineException with the registry's or the engine's reason
   */
  public void pull(String repository, String version, @Nullable RegistryAuth auth)
      throws IOException {
    String path =
        "/images/create?fromImage="
            + DockerEngine.encoded(repository)
            + "&tag="
            + DockerEngine.encoded(version);
    try (Response response = engine.stream("POST", path, headers(auth), "", PULL);
        var lines = new JsonLines(response)) {
      for (JsonObject line = lines.next(); line != null; line = lines.next()) {
        String error = line.string("error");
        if (error != null) {
          throw new EngineException(500, error);
        }
      }
    }
  }

  /** The image, or null where the engine does not hold it. */
  public @Nullable Image inspect(String reference) throws IOException {
    try {
      JsonObject json = engine.object("GET", "/images/" + reference + "/json", JsonObject.EMPTY);
      var digests = new ArrayList<String>();
      json.array("RepoDigests")
          .forEach(
              item -> {
                if (item instanceof JsonString(var text)) {
                  digests.add(text);
                }
              });
      String id = json.string("Id");
      return new Image(id == null ? "" : id, List.copyOf(digests), json.object("Config"));
    } catch (EngineException e) {
      if (e.notFound()) {
        return null;
      }
      throw e;
    }
  }

  /** All images of the engine. */
  public List<TidyPlan.Image> held() throws IOException {
    var held = new ArrayList<TidyPlan.Image>();
    if (engine.value("GET", "/images/json", JsonObject.EMPTY) instanceof JsonArray(var items)) {
      for (JsonValue item : items) {
        if (item instanceof JsonObject json) {
          Long size = json.integer("Size");
          held.add(
              new TidyPlan.Image(
                  Networks.text(json, "Id"),
                  names(json, "RepoDigests"),
                  names(json, "RepoTags"),
                  size == null ? 0 : size));
        }
      }
    }
    return List.copyOf(held);
  }

  /** What is there; engines write {@code <none>} for what is not. */
  private static List<String> names(JsonObject json, String member) {
    return json.array(member).stream()
        .filter(JsonString.class::isInstance)
        .map(item -> ((JsonString) item).text())
        .filter(name -> !name.contains("<none>"))
        .toList();
  }

  /**
   * Takes a name from an image, and the image away with its last one; never by force, so that the
   * engine refuses where a container is made of it.
   */
  public void remove(String name) throws IOException {
    try {
      engine.order("DELETE", "/images/" + name);
    } catch (EngineException e) {
      if (!e.notFound()) {
        throw e;
      }
    }
  }

  /**
   * The image of the container that holds a task's shared namespaces, made where the engine does
   * not hold it. It is known by its content, not by its name.
   *
   * @return its id
   */
  public String pause() throws IOException {
    byte[] layer = PauseImage.layer(System.getProperty("os.arch", ""));
    String tag = PauseImage.digest(layer).substring("sha256:".length(), 19);
    String known = pause(tag, layer);
    if (known == null) {
      engine.upload(
          "/images/create?fromSrc=-&repo=" + PauseImage.REPOSITORY + "&tag=" + tag,
          "application/x-tar",
          layer,
          DockerEngine.PATIENCE);
      known = pause(tag, layer);
    }
    if (known == null) {
      throw new EngineException(
          0, "the container engine keeps an image otherwise than it was made");
    }
    return known;
  }

  private @Nullable String pause(String tag, byte[] layer) throws IOException {
    try {
      String path = "/images/" + PauseImage.REPOSITORY + ":" + tag + "/json";
      JsonObject json = engine.object("GET", path, JsonObject.EMPTY);
      var layers = json.object("RootFS").array("Layers");
      return layers.equals(List.of(new JsonString(PauseImage.digest(layer))))
          ? json.string("Id")
          : null;
    } catch (EngineException e) {
      if (e.notFound()) {
        return null;
      }
      throw e;
    }
  }

  /** The program of that image. */
  public static final String PAUSE_PROGRAM = PauseImage.PROGRAM;

  private static Map<String, String> headers(@Nullable RegistryAuth auth) {
    return auth == null ? Map.of() : Map.of("X-Registry-Auth", auth.header());
  }
}
