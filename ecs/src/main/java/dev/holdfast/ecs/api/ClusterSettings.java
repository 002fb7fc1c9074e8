// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.ecs.ClusterSetting;
import dev.holdfast.aws.ecs.EcsError;
import dev.holdfast.ecs.model.Cluster;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;

/** The settings of clusters. */
final class ClusterSettings {
  private static final Set<String> VALUES = Set.of("enabled", "disabled", "enhanced");

  private ClusterSettings() {}

  /** The settings before, with those of a request; each must be one. */
  static List<Cluster.Setting> merged(List<Cluster.Setting> before, List<ClusterSetting> given) {
    var all = new LinkedHashMap<String, Cluster.Setting>();
    before.forEach(s -> all.put(String.valueOf(s.name()), s));
    for (ClusterSetting setting : given) {
      String name = setting.name();
      String value = setting.value();
      if (name == null || !name.equals("containerInsights")) {
        throw EcsError.INVALID_PARAMETER.because(
            "Invalid cluster setting name '%s'.", String.valueOf(name));
      }
      if (value == null || !VALUES.contains(value)) {
        throw EcsError.INVALID_PARAMETER.because(
            "Invalid value '%s' for the cluster setting %s.", String.valueOf(value), name);
      }
      all.put(name, new Cluster.Setting(name, value));
    }
    return List.copyOf(all.values());
  }
}
