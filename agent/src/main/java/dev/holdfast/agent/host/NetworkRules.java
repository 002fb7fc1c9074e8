// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.host;

import dev.holdfast.agent.host.HostPolicy.TaskScope;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonNull;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.util.List;
import java.util.Set;

/**
 * Which network a container may have: its task's own, the namespace that its task's containers
 * share, none, and the host's where the host's owner says so.
 */
record NetworkRules(HostRules rules) {

  /** Notes each rule that a request breaks. */
  void check(JsonObject request, TaskScope scope, List<String> broken) {
    JsonValue networking = request.get("NetworkingConfig");
    if (networking instanceof JsonObject config) {
      for (var part : config.members().entrySet()) {
        if (part.getKey().equals("EndpointsConfig") && part.getValue() instanceof JsonObject ends) {
          ends.members().forEach((name, end) -> checkEndpoint(name, end, scope, broken));
        } else {
          broken.add("the network setting " + part.getKey());
        }
      }
    } else if (networking != null && !(networking instanceof JsonNull)) {
      broken.add("network settings of this kind");
    }
    String mode = request.object("HostConfig").string("NetworkMode");
    boolean own =
        mode != null && (mode.equals(scope.network()) || mode.equals("none") || scope.joins(mode));
    if (!own && !(rules.networkShared() && "host".equals(mode))) {
      broken.add(
          "the network mode "
              + mode
              + ("host".equals(mode) ? ", which `hostNetwork` in its policy file allows" : ""));
    }
  }

  private static void checkEndpoint(
      String network, JsonValue endpoint, TaskScope scope, List<String> broken) {
    if (!network.equals(scope.network())) {
      broken.add("the network " + network);
    }
    if (!(endpoint instanceof JsonObject settings)
        || !Set.of("Aliases").containsAll(settings.members().keySet())) {
      broken.add("endpoint settings other than aliases");
    }
  }
}
