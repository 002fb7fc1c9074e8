// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.service;

import dev.holdfast.kit.Arn;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** All that a call demands; every demand must be granted, and none is forgotten on the way. */
public record Access(List<Demand> demands) {
  /** What AWS never denies: the signature is enough. */
  public static final Access SIGNED = new Access(List.of());

  public Access {
    demands = List.copyOf(demands);
  }

  /** One action on one resource. */
  public static Access of(String action, Arn resource) {
    return of(Demand.on(action, resource));
  }

  /** One action that knows no resource. */
  public static Access of(String action) {
    return of(Demand.on(action));
  }

  public static Access of(Demand... demands) {
    return new Access(List.of(demands));
  }

  /** How many values of condition keys the demands have together. */
  public int values() {
    int values = 0;
    for (Demand demand : demands) {
      for (List<String> one : demand.keys().values()) {
        values += one.size();
      }
    }
    return values;
  }

  public Access and(Demand demand) {
    return and(List.of(demand));
  }

  public Access and(Collection<Demand> more) {
    var all = new ArrayList<>(demands);
    all.addAll(more);
    return new Access(all);
  }
}
