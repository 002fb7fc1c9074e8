// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.ecs.CapacityProviderStrategyItem;
import dev.holdfast.ecs.model.Cluster;
import java.util.List;

/** Capacity provider strategies as requests give them and answers show them. */
final class StrategyWire {
  private StrategyWire() {}

  static List<Cluster.StrategyItem> items(List<CapacityProviderStrategyItem> given) {
    return given.stream()
        .map(
            i ->
                new Cluster.StrategyItem(
                    i.capacityProvider(),
                    i.weight() == null ? 0 : i.weight(),
                    i.base() == null ? 0 : i.base()))
        .toList();
  }

  static List<CapacityProviderStrategyItem> shapes(List<Cluster.StrategyItem> items) {
    return items.stream()
        .map(
            i ->
                CapacityProviderStrategyItem.builder()
                    .capacityProvider(i.capacityProvider())
                    .weight(i.weight())
                    .base(i.base())
                    .build())
        .toList();
  }
}
