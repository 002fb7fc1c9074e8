// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent;

import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What an agent is told when it starts; nothing of it is secret.
 *
 * @param endpoint the platform's base URL
 * @param region whose name signs the host's own stream; tasks have regions of their own
 * @param installation the installation's id: lower-case letters and digits, at most 32
 * @param data the agent's folder
 * @param control the unix socket on which the platform asks for logs and for cleaning up
 * @param engine the container engine's socket
 * @param network how task networks are made
 */
public record AgentOptions(
    URI endpoint,
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

  private static final Set<String> NAMES =
      Set.of(
          "endpoint",
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
        URI.create(needed(given, "endpoint")),
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

  private static String needed(Map<String, String> given, String name) {
    String value = given.get(name);
    if (value == null || value.isEmpty()) {
      throw new IllegalArgumentException("--" + name + " is missing");
    }
    return value;
  }
}
