// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.host;

import dev.holdfast.aws.agent.HostGrants;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonNull;
import dev.holdfast.kit.JsonValue.JsonNumber;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.JsonValue.JsonString;
import java.util.Set;

/**
 * What of the kernel a container may set for itself: parameters of its own namespaces, limits that
 * take nothing from others, and no more swap than memory.
 */
record KernelRules(HostRules rules) {
  /** A priority above others' takes the cores from them, whatever share they have. */
  private static final Set<String> PRIORITIES = Set.of("rtprio", "nice");

  private static final Set<String> LIMIT = Set.of("Name", "Soft", "Hard");

  /** Whether each is a parameter of a namespace that is harmless or listed, with a number. */
  boolean sysctls(JsonValue value) {
    return value instanceof JsonObject all
        && all.members().entrySet().stream()
            .allMatch(
                e ->
                    HostGrants.namespaced(e.getKey())
                        && (HostGrants.SYSCTLS.contains(e.getKey())
                            || rules.sysctls().contains(e.getKey()))
                        && e.getValue() instanceof JsonString(var text)
                        && HostGrants.isValue(text));
  }

  static boolean ulimits(JsonValue value) {
    return value instanceof JsonArray(var items) && items.stream().allMatch(KernelRules::ulimit);
  }

  private static boolean ulimit(JsonValue value) {
    if (!(value instanceof JsonObject limit) || !LIMIT.equals(limit.members().keySet())) {
      return false;
    }
    String name = limit.string("Name");
    Long soft = limit.integer("Soft");
    Long hard = limit.integer("Hard");
    return name != null
        && name.matches("[a-z]{1,20}")
        && soft != null
        && hard != null
        && (!PRIORITIES.contains(name) || (soft == 0 && hard == 0));
  }

  /**
   * Whether swap stays within what the engine gives without being asked: as much as the memory. The
   * engine's number counts both; 0 asks for nothing and -1 for all there is.
   */
  static boolean swap(JsonObject host) {
    JsonValue both = host.get("MemorySwap");
    JsonValue swappiness = host.get("MemorySwappiness");
    return amount(both)
        && amount(swappiness)
        && within(number(both), 2 * number(host.get("Memory")))
        && number(swappiness) <= 100;
  }

  private static boolean within(long both, long most) {
    return both == 0 || (both > 0 && both <= most);
  }

  private static boolean amount(@org.jspecify.annotations.Nullable JsonValue value) {
    return value == null || value instanceof JsonNull || value instanceof JsonNumber;
  }

  private static long number(@org.jspecify.annotations.Nullable JsonValue value) {
    return value instanceof JsonNumber number ? (long) number.asDouble() : 0;
  }

  /** Whether parameters of the network are set. */
  static boolean setsNetwork(JsonObject host) {
    return host.object("Sysctls").members().keySet().stream().anyMatch(n -> n.startsWith("net."));
  }
}
