// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.state;

import dev.holdfast.ecs.model.Cluster;
import dev.holdfast.ecs.model.ContainerInstance;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.Host;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.plan.Placement;
import dev.holdfast.ecs.plan.Placement.Candidate;
import dev.holdfast.ecs.plan.Placement.Outcome;
import dev.holdfast.ecs.plan.PlacementRule.Constraint;
import dev.holdfast.ecs.port.LocalHost;
import dev.holdfast.store.Tx;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Chooses instances in one transaction. What the roster names is looked at in the rows, which know
 * better: of an instance that cannot take the task after all the roster is told, and asked again.
 *
 * @param cluster where the tasks are to run
 * @param only the ARN of the only instance that may take a task, or null for any
 */
record Choice(
    Tx tx,
    Cluster.Key cluster,
    Overview.Sight sight,
    LocalHost local,
    RandomGenerator random,
    @Nullable String only) {

  Outcome of(Placement.Wish wish) {
    while (true) {
      Outcome hint = hint(wish);
      if (!(hint instanceof Outcome.Placed(var arn, _))) {
        return hint;
      }
      Candidate now = actual(Objects.requireNonNull(sight.roster().get(arn)), wish);
      if (now == null) {
        sight.roster().remove(arn);
        continue;
      }
      Outcome outcome = Placement.place(List.of(now), wish, random);
      if (outcome instanceof Outcome.Placed(_, var host)) {
        sight
            .roster()
            .put(new Candidate(arn, host, now.connected(), now.facts().with(wish.group())));
        return outcome;
      }
      sight.roster().put(now);
    }
  }

  private Outcome hint(Placement.Wish wish) {
    if (only == null) {
      return sight.roster().place(wish, random);
    }
    Candidate one = sight.roster().get(only);
    return Placement.place(one == null ? List.of() : List.of(one), wish, random);
  }

  /** The row of an instance that was chosen; a host that was offered becomes one by that. */
  ContainerInstance instance(String arn) {
    ContainerInstance row = row(arn);
    if (row != null) {
      return row;
    }
    ContainerInstance fresh = Objects.requireNonNull(sight.offered().get(arn));
    tx.put(EcsTables.INSTANCES, fresh.key().account(), fresh.key(), fresh);
    return fresh;
  }

  private @Nullable ContainerInstance row(String arn) {
    String id = arn.substring(arn.lastIndexOf('/') + 1);
    var key = new ContainerInstance.Key(cluster.account(), cluster.region(), cluster.name(), id);
    return tx.get(EcsTables.INSTANCES, key.account(), key);
  }

  /** A candidate as the rows have it, or null where it takes no tasks. */
  private @Nullable Candidate actual(Candidate known, Placement.Wish wish) {
    ContainerInstance row = row(known.instance());
    row = row == null ? sight.offered().get(known.instance()) : row;
    if (row == null || row.status() != ContainerInstance.Status.ACTIVE) {
      return null;
    }
    Host host = Hosts.of(tx, row, local);
    if (host == null) {
      return null;
    }
    boolean apart =
        wish.constraints().stream().anyMatch(c -> c instanceof Constraint.DistinctInstance);
    return new Candidate(
        known.instance(),
        host,
        known.connected(),
        apart ? known.facts().with(wish.group(), tasks(row.key(), wish.group())) : known.facts());
  }

  private int tasks(ContainerInstance.Key instance, String group) {
    return (int)
        Tasks.on(tx, instance).stream()
            .filter(Task::live)
            .filter(t -> t.launch().group().equals(group))
            .count();
  }
}
