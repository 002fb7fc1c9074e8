// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.engine;

import dev.holdfast.http.UnixHttpClient;
import dev.holdfast.http.UnixHttpClient.Request;
import dev.holdfast.http.UnixHttpClient.Response;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One container engine behind its unix socket. The API version is the lower of ours and the
 * engine's: Debian's 20.10 speaks at most 1.41, and current engines refuse versions below 1.44.
 */
public final class DockerEngine implements AutoCloseable {
  private static final ApiVersion OURS = new ApiVersion(1, 47);
  private static final ApiVersion OLDEST = new ApiVersion(1, 41);
  private static final int CONNECTIONS = 64;

  /** Connections of one who follows the output of every container of a host. */
  public static final int FOLLOWED = 4096;

  private static final int MAX_ANSWER = 32 * 1024 * 1024;
  static final Duration PATIENCE = Duration.ofMinutes(3);

  /** A version of the Docker Engine API. */
  record ApiVersion(int major, int minor) implements Comparable<ApiVersion> {
    static ApiVersion parse(String text) {
      int dot = text.indexOf('.');
      return new ApiVersion(
          Integer.parseInt(text.substring(0, dot)), Integer.parseInt(text.substring(dot + 1)));
    }

    @Override
    public int compareTo(ApiVersion other) {
      return major != other.major
          ? Integer.compare(major, other.major)
          : Integer.compare(minor, other.minor);
    }

    @Override
    public String toString() {
      return major + "." + minor;
    }
  }

  private final Path socket;
  private final UnixHttpClient http;
  private final ApiVersion version;
  private final String release;

  private DockerEngine(Path socket, UnixHttpClient http, ApiVersion version, String release) {
    this.socket = socket;
    this.http = http;
    this.version = version;
    this.release = release;
  }

  /**
   * Connects and agrees on a version.
   *
   * @throws EngineException where nothing answers on the socket or the engine is older than 20.10
   */
  public static DockerEngine open(Path socket) throws IOException {
    return open(socket, CONNECTIONS);
  }

  /** As {@link #open(Path)}, with so many connections at most, streams included. */
  public static DockerEngine open(Path socket, int connections) throws IOException {
    var http = new UnixHttpClient(socket, connections);
    boolean opened = false;
    try {
      JsonObject about = about(http);
      ApiVersion version = agree(about);
      opened = true;
      String release = about.string("Version");
      return new DockerEngine(socket, http, version, release == null ? "" : release);
    } finally {
      if (!opened) {
        http.close();
      }
    }
  }

  private static JsonObject about(UnixHttpClient http) throws IOException {
    try (Response response = http.send(Request.of("GET", "/version", Duration.ofSeconds(10)))) {
      if (response.status() != 200) {
        throw new EngineException(response.status(), "the container engine refuses GET /version");
      }
      return Json.parseObject(response.bytes(MAX_ANSWER));
    } catch (Json.MalformedJson e) {
      throw new EngineException(0, "what answers on the socket is no container engine");
    } catch (EngineException e) {
      throw e;
    } catch (IOException e) {
      throw new EngineException(0, "no container engine answers: " + e.getMessage());
    }
  }

  private static ApiVersion agree(JsonObject about) throws EngineException {
    String theirs = about.string("ApiVersion");
    String least = about.string("MinAPIVersion");
    if (theirs == null || !theirs.matches("[0-9]{1,3}\\.[0-9]{1,3}")) {
      throw new EngineException(0, "what answers on the socket is no container engine");
    }
    ApiVersion highest = ApiVersion.parse(theirs);
    ApiVersion version = highest.compareTo(OURS) < 0 ? highest : OURS;
    boolean tooNew =
        least != null
            && least.matches("[0-9]{1,3}\\.[0-9]{1,3}")
            && ApiVersion.parse(least).compareTo(version) > 0;
    if (version.compareTo(OLDEST) < 0 || tooNew) {
      throw new EngineException(
          0,
          "the container engine speaks API "
              + least
              + " to "
              + theirs
              + "; needed is one of "
              + OLDEST
              + " to "
              + OURS);
    }
    return version;
  }

  /** The API version in use. */
  public String apiVersion() {
    return version.toString();
  }

  /** The engine's own version, for example {@code 20.10.24}. */
  public String release() {
    return release;
  }

  /** Whether the engine answers. */
  public boolean answers() {
    try (Response response = http.send(Request.of("GET", "/_ping", Duration.ofSeconds(5)))) {
      return response.status() == 200;
    } catch (IOException _) {
      return false;
    }
  }

  /** The engine's view of its host. */
  public JsonObject info() throws IOException {
    return object("GET", "/info", JsonObject.EMPTY);
  }

  public Images images() {
    return new Images(this);
  }

  public Containers containers() {
    return new Containers(this);
  }

  public Commands commands() {
    return new Commands(this, socket);
  }

  public Networks networks() {
    return new Networks(this);
  }

  public Volumes volumes() {
    return new Volumes(this);
  }

  /**
   * What happens to containers from now on, as it happens.
   *
   * @param label only containers with that label, {@code name=value}
   */
  public EngineEvents events(String label) throws IOException {
    var filters = new LinkedHashMap<String, Iterable<String>>();
    filters.put("type", java.util.List.of("container"));
    filters.put("label", java.util.List.of(label));
    return new EngineEvents(
        stream("GET", "/events?filters=" + filters(filters), Map.of(), "", PATIENCE));
  }

  @Override
  public void close() {
    http.close();
  }

  /** A response whose status is below 400; the caller closes it. */
  Response stream(
      String method, String path, Map<String, String> headers, String json, Duration patience)
      throws IOException {
    Response response;
    try {
      response = http.send(new Request(method, "/v" + version + path, headers, json, patience));
    } catch (IOException e) {
      throw new EngineException(0, "the container engine does not answer: " + e.getMessage());
    }
    if (response.status() < 400) {
      return response;
    }
    try (response) {
      throw new EngineException(response.status(), reason(response));
    }
  }

  /** Sends a file; what the engine answers holds nothing of interest. */
  void upload(String path, String type, byte[] content, Duration patience) throws IOException {
    var request = new Request("POST", "/v" + version + path, Map.of(), "", patience);
    try (Response response = http.send(request, type, content)) {
      if (response.status() >= 400) {
        throw new EngineException(response.status(), reason(response));
      }
      response.bytes(MAX_ANSWER);
    }
  }

  private static String reason(Response response) throws IOException {
    byte[] bytes = response.bytes(MAX_ANSWER);
    try {
      String message = Json.parseObject(bytes).string("message");
      return message == null ? "status " + response.status() : message;
    } catch (Json.MalformedJson _) {
      return "status " + response.status();
    }
  }

  JsonValue value(String method, String path, JsonObject body) throws IOException {
    String json = body.members().isEmpty() ? "" : Json.text(body);
    try (Response response = stream(method, path, Map.of(), json, PATIENCE)) {
      byte[] bytes = response.bytes(MAX_ANSWER);
      return bytes.length == 0 ? JsonObject.EMPTY : Json.parseOwn(bytes);
    } catch (Json.MalformedJson e) {
      throw new EngineException(0, "the container engine's answer is " + e.getMessage());
    }
  }

  /** An answer that must be an object. */
  static JsonObject answer(byte[] bytes) throws EngineException {
    try {
      return Json.parseObject(bytes);
    } catch (Json.MalformedJson e) {
      throw new EngineException(0, "the container engine's answer is " + e.getMessage());
    }
  }

  JsonObject object(String method, String path, JsonObject body) throws IOException {
    return value(method, path, body) instanceof JsonObject object ? object : JsonObject.EMPTY;
  }

  /** Sends a request whose answer holds nothing of interest. */
  void order(String method, String path) throws IOException {
    try (Response response = stream(method, path, Map.of(), "", PATIENCE)) {
      response.bytes(MAX_ANSWER);
    }
  }

  static String filters(Map<String, ? extends Iterable<String>> filters) {
    var members = new LinkedHashMap<String, JsonValue>();
    filters.forEach((name, values) -> members.put(name, JsonArray.ofStrings(values)));
    return encoded(Json.text(new JsonObject(members)));
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
