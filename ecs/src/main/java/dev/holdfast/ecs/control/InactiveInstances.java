// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.control;

import dev.holdfast.ecs.model.ContainerInstance;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.Host;
import dev.holdfast.ecs.model.JoinedHost;
import dev.holdfast.service.State;
import dev.holdfast.service.Tags;
import dev.holdfast.store.Table;
import dev.holdfast.store.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Forgets container instances that were taken out of their clusters, so long after this process saw
 * it first and no sooner than the last of their tasks; and hosts that nothing is left of. Used by
 * one thread.
 */
final class InactiveInstances {
  private final State state;
  private final Duration kept;
  private final Map<ContainerInstance.Key, Instant> seen = new HashMap<>();

  InactiveInstances(State state, Duration kept) {
    this.state = state;
    this.kept = kept;
  }

  /** What one look found. */
  private record Found(Set<ContainerInstance.Key> inactive, Set<String> used, Set<String> hosts) {}

  void sweep(Instant now) {
    Found found = look();
    seen.keySet().retainAll(found.inactive());
    for (ContainerInstance.Key key : found.inactive()) {
      if (seen.computeIfAbsent(key, _ -> now).plus(kept).isBefore(now)) {
        state.own(tx -> forget(tx, key));
      }
    }
    found.hosts().removeAll(found.used());
    if (!found.hosts().isEmpty()) {
      state.own(tx -> forgetHosts(tx, found.hosts()));
    }
  }

  private Found look() {
    return state.read(
        view -> {
          var found = new Found(new HashSet<>(), new HashSet<>(), new HashSet<>());
          view.each(
              EcsTables.INSTANCES,
              row -> {
                found.used().add(row.host());
                if (row.status() == ContainerInstance.Status.INACTIVE) {
                  found.inactive().add(row.key());
                }
              });
          found.used().add(Host.LOCAL);
          view.list(EcsTables.JOINED_HOSTS, Table.PLATFORM)
              .forEach(joined -> found.used().add(joined.id()));
          view.list(EcsTables.HOSTS, Table.PLATFORM).forEach(host -> found.hosts().add(host.id()));
          return found;
        });
  }

  private static boolean forget(Tx tx, ContainerInstance.Key key) {
    ContainerInstance row = tx.get(EcsTables.INSTANCES, key.account(), key);
    List<String> place = List.of(key.region().name(), key.id());
    boolean due =
        row != null
            && row.status() == ContainerInstance.Status.INACTIVE
            && tx.byIndex(EcsTables.TASKS, key.account(), "instance", place, null, 1).isEmpty();
    if (due) {
      tx.delete(EcsTables.INSTANCES, key.account(), key);
      Tags.delete(tx, key.account(), key.arn());
    }
    return due;
  }

  /** Hosts that no instance is on and that are none of the platform's own, which is seen again. */
  private static boolean forgetHosts(Tx tx, Set<String> hosts) {
    Set<String> used =
        tx.list(EcsTables.JOINED_HOSTS, Table.PLATFORM).stream()
            .map(JoinedHost::id)
            .collect(Collectors.toSet());
    tx.all(EcsTables.INSTANCES).forEach(row -> used.add(row.host()));
    hosts.stream()
        .filter(id -> !used.contains(id))
        .forEach(id -> tx.delete(EcsTables.HOSTS, Table.PLATFORM, id));
    return true;
  }
}
