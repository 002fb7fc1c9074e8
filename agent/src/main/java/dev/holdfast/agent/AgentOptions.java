// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent;

import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an agent is told when it starts; nothing of it is secret.
 *
 * @param platform where the platform is
 * @param region whose name signs the host's own stream; tasks have regions of their own
 * @param installation the installation's id: lower-case letters and digits, at most 32
 * @param data the agent's folder
 * @param control the unix socket on which the platform asks for logs and for cleaning up
 * @param engine the container engine's socket
 * @param network how task networks are made
 */
public record AgentOptions(
    Platform platform,
    String region,
    String installation,
    Path data,
    Path control,
    Path engine,
    NetworkOptions network) {

  /**
   * How task networks are made.
   *
   * @param bindAddress where published ports listen
   * @param policy the host's policy file
   * @param subnets the range that task networks are cut from
   * @param port the agent's port on the gateway of each task's network
   */
  public record NetworkOptions(String bindAddress, Path policy, String subnets, int port) {}

  /**
   * Where the platform is.
   *
   * @param endpoint its base URL
   * @param registry what the names of its own images begin with; on another machine the address by
   *     which that machine's engine reaches it
   * @param authority a file with the certificate of its TLS's authority; null over plain HTTP
   */
  public record Platform(URI endpoint, String registry, @Nullable Path authority) {
    /** Whether nobody but the platform can answer there: by its authority, or on this machine. */
    boolean known() {
      return authority != null || LOOPBACK.contains(String.valueOf(endpoint.getHost()));
    }
  }

  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "[::1]", "localhost");

  /** The platform's base URL. */
  public URI endpoint() {
    return platform.endpoint();
  }

  private static final Set<String> NAMES =
      Set.of(
          "endpoint",
          "ca",
          "registry",
          "region",
          "installation",
          "data-dir",
          "socket",
          "engine",
          "bind",
          "profile",
          "policy",
          "subnets",
          "port");

  /**
   * Reads {@code --name=value} words.
   *
   * @throws IllegalArgumentException with what is wrong, for the user
   */
  public static AgentOptions parse(List<String> words) {
    Map<String, String> given = new HashMap<>();
    for (String word : words) {
      int equals = word.indexOf('=');
      if (!word.startsWith("--") || equals < 0 || !NAMES.contains(word.substring(2, equals))) {
        throw new IllegalArgumentException("unknown option " + word);
      }
      given.put(word.substring(2, equals), word.substring(equals + 1));
    }
    String installation = needed(given, "installation");
    if (!installation.matches("[a-z0-9]{1,32}")) {
      throw new IllegalArgumentException("the installation's id must be letters and digits");
    }
    return new AgentOptions(
        platform(given),
        given.getOrDefault("region", "us-east-1"),
        installation,
        Path.of(needed(given, "data-dir")),
        Path.of(needed(given, "socket")),
        Path.of(given.getOrDefault("engine", "/var/run/docker.sock")),
        new NetworkOptions(
            given.getOrDefault("bind", "0.0.0.0"),
            Path.of(given.getOrDefault("policy", "/etc/holdfast/host-policy.json")),
            given.getOrDefault("subnets", "10.213.0.0/16"),
            Integer.parseInt(given.getOrDefault("port", "51679"))));
  }

  private static Platform platform(Map<String, String> given) {
    URI endpoint = URI.create(needed(given, "endpoint"));
    String authority = given.get("ca");
    if ("https".equals(endpoint.getScheme()) == (authority == null)) {
      throw new IllegalArgumentException("--ca goes with an endpoint of https, and only with one");
    }
    return new Platform(
        endpoint,
        given.getOrDefault("registry", endpoint.getAuthority()),
        authority == null ? null : Path.of(authority));
  }

  private static String needed(Map<String, String> given, String name) {
    String value = given.get(name);
    if (value == null || value.isEmpty()) {
      throw new IllegalArgumentException("--" + name + " is missing");
    }
    return value;
  }
}
