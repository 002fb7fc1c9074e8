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
 * @param region the platform's own region
 * @param installation the installation's id: lower-case letters and digits, at most 32
 * @param data the agent's folder
 * @param engine the container engine's socket
 * @param bindAddress where published ports listen
 * @param policy the host's policy file
 * @param subnets the range that task networks are cut from
 * @param port the agent's port on the gateway of each task's network
 */
public record AgentOptions(
    URI endpoint,
    String region,
    String installation,
    Path data,
    Path engine,
    String bindAddress,
    Path policy,
    String subnets,
    int port) {

  private static final Set<String> NAMES =
      Set.of(
          "--endpoint",
          "--region",
          "--installation",
          "--data-dir",
          "--engine",
          "--bind-address",
          "--policy",
          "--subnets",
          "--port");

  /**
   * Reads {@code --name value} pairs.
   *
   * @throws IllegalArgumentException with what is wrong, for the user
   */
  public static AgentOptions parse(List<String> words) {
    Map<String, String> given = new HashMap<>();
    for (int i = 0; i + 1 < words.size(); i += 2) {
      if (!NAMES.contains(words.get(i))) {
        throw new IllegalArgumentException("unknown option " + words.get(i));
      }
      given.put(words.get(i), words.get(i + 1));
    }
    if (words.size() % 2 != 0) {
      throw new IllegalArgumentException(words.getLast() + " needs a value");
    }
    return new AgentOptions(
        URI.create(needed(given, "--endpoint")),
        needed(given, "--region"),
        needed(given, "--installation"),
        Path.of(needed(given, "--data-dir")),
        Path.of(given.getOrDefault("--engine", "/var/run/docker.sock")),
        given.getOrDefault("--bind-address", "0.0.0.0"),
        Path.of(given.getOrDefault("--policy", "/etc/holdfast/host-policy.json")),
        given.getOrDefault("--subnets", "10.213.0.0/16"),
        Integer.parseInt(given.getOrDefault("--port", "51679")));
  }

  private static String needed(Map<String, String> given, String name) {
    String value = given.get(name);
    if (value == null) {
      throw new IllegalArgumentException(name + " is missing");
    }
    return value;
  }
}
