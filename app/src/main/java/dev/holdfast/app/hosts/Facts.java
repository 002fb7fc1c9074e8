// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.hosts;

import dev.holdfast.ecs.port.LocalHost;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonNumber;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** A machine's measures on the wire; what a machine says of itself is held to bounds. */
public final class Facts {
  private static final int MOST_CPU = 4096 * 1024;
  private static final int MOST_MEMORY = 64 * 1024 * 1024;
  private static final int MOST_PORTS = 64;
  private static final int LAST_PORT = 65_535;

  private Facts() {}

  /** What a machine says. */
  public static JsonObject json(LocalHost facts) {
    return JsonObject.EMPTY
        .with("architecture", facts.architecture())
        .with("cpu", facts.cpu())
        .with("memory", facts.memory())
        .with(
            "reservedTcp",
            new JsonArray(
                facts.reservedTcp().stream()
                    .map(port -> (JsonValue) JsonNumber.of((long) port))
                    .toList()));
  }

  /**
   * What a machine said, as far as it may be.
   *
   * @throws HostRefusal where it is none of a machine
   */
  static LocalHost read(JsonObject said, String name) {
    String architecture = said.string("architecture");
    var ports = new ArrayList<Integer>();
    for (JsonValue item : said.array("reservedTcp")) {
      Long port = item instanceof JsonNumber number ? number.asLong() : null;
      if (port != null && port > 0 && port <= LAST_PORT && ports.size() < MOST_PORTS) {
        ports.add(port.intValue());
      }
    }
    return new LocalHost(
        name,
        "ARM64".equals(architecture) ? "ARM64" : "X86_64",
        number(said, "cpu", MOST_CPU),
        number(said, "memory", MOST_MEMORY),
        ports,
        List.of());
  }

  private static int number(JsonObject said, String member, int most) {
    Long number = said.integer(member);
    if (number == null || number < 1 || number > most) {
      throw new HostRefusal("the machine does not say its " + member);
    }
    return number.intValue();
  }
}
