// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.model;

import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a user or role asked of one service, also where it was denied.
 *
 * @param entity its unique id
 * @param service the prefix of the actions, such as {@code ecs}
 * @param actions the last use of each, by the name behind the prefix; never empty
 */
public record ServiceUse(String entity, String service, Map<String, ActionUse> actions) {

  /** When and where an action was asked for last. */
  public record ActionUse(Instant at, String region) {}

  /** A row's place in its account. */
  public record Key(String entity, String service) {}

  public ServiceUse {
    actions = Collections.unmodifiableMap(new TreeMap<>(actions));
  }

  /** The last use of any action. */
  public ActionUse last() {
    return actions.values().stream().max(Comparator.comparing(ActionUse::at)).orElseThrow();
  }

  /** With later uses of some actions. */
  public ServiceUse with(Map<String, ActionUse> later) {
    var all = new TreeMap<>(actions);
    later.forEach(
        (action, use) -> all.merge(action, use, (a, b) -> a.at().isAfter(b.at()) ? a : b));
    return new ServiceUse(entity, service, all);
  }
}
