// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.model;

import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a user or role asked of one service, also where it was denied.
 *
 * @param entity its unique id
 * @param service the prefix of the actions, such as {@code ecs}
 * @param actions the last use of each, by the name behind the prefix; never empty
 */
public record ServiceUse(String entity, String service, Map<String, ActionUse> actions) {

  /**
   * When and where an action was asked for last.
   *
   * @param granted when it was granted last, long ago where it never was; null in what earlier
   *     versions kept, which did not tell
   */
  public record ActionUse(Instant at, String region, @Nullable Instant granted) {

    /** Of which nobody knows yet whether it is granted. */
    public static ActionUse asked(Instant at, String region) {
      return new ActionUse(at, region, Instant.EPOCH);
    }

    /** The same, granted. */
    public ActionUse allowed() {
      return new ActionUse(at, region, at);
    }

    /** When it was granted last, as far as it is known. */
    public Instant lastGranted() {
      return granted == null ? at : granted;
    }

    /** The later of two uses, with the later grant. */
    public ActionUse with(ActionUse other) {
      ActionUse last = at.isAfter(other.at) ? this : other;
      Instant grant =
          lastGranted().isAfter(other.lastGranted()) ? lastGranted() : other.lastGranted();
      return new ActionUse(last.at, last.region, grant);
    }
  }

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
    later.forEach((action, use) -> all.merge(action, use, ActionUse::with));
    return new ServiceUse(entity, service, all);
  }
}
