// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.plan;

import dev.holdfast.ecs.model.CapacityProvider;
import dev.holdfast.ecs.model.Cluster.StrategyItem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/** Divides tasks among the capacity providers of a strategy. Pure. */
public final class CapacityPlan {
  private static final int MAX_ITEMS = 20;
  private static final int MAX_WEIGHT = 1000;
  private static final int MAX_BASE = 100_000;

  private CapacityPlan() {}

  /** So many tasks of one provider. */
  public record Share(String provider, int tasks) {}

  /** The first thing that is wrong with a strategy, in AWS's words, or empty. */
  public static Optional<String> fault(List<StrategyItem> strategy) {
    if (strategy.size() > MAX_ITEMS) {
      return Optional.of(
          "A capacity provider strategy can contain a maximum of "
              + MAX_ITEMS
              + " capacity providers.");
    }
    var names = new HashSet<String>();
    for (StrategyItem item : strategy) {
      if (!names.add(item.capacityProvider())) {
        return Optional.of(
            "The specified capacity provider strategy contains a duplicate capacity provider. Remove"
                + " the duplicate and try again.");
      }
      if (item.weight() < 0 || item.weight() > MAX_WEIGHT) {
        return Optional.of("The weight must be between 0 and " + MAX_WEIGHT + ".");
      }
      if (item.base() < 0 || item.base() > MAX_BASE) {
        return Optional.of("The base must be between 0 and " + MAX_BASE + ".");
      }
    }
    if (strategy.stream().filter(i -> i.base() > 0).count() > 1) {
      return Optional.of(
          "Only one capacity provider in a capacity provider strategy can have a base defined.");
    }
    long fargate =
        strategy.stream()
            .filter(i -> CapacityProvider.BUILT_IN.contains(i.capacityProvider()))
            .count();
    return fargate > 0 && fargate < strategy.size()
        ? Optional.of(
            "A capacity provider strategy cannot contain a mix of capacity providers using Auto"
                + " Scaling groups and Fargate providers.")
        : Optional.empty();
  }

  /** What is wrong with a strategy that is to run tasks, beside {@link #fault}. */
  public static Optional<String> unusable(List<StrategyItem> strategy) {
    return !strategy.isEmpty() && strategy.stream().allMatch(i -> i.weight() == 0)
        ? Optional.of(
            "A capacity provider strategy needs a capacity provider with a weight greater than 0.")
        : Optional.empty();
  }

  /**
   * Divides so many tasks: first the base, then each to the provider that has the fewest for its
   * weight, the first of those.
   *
   * @param before how many tasks of each provider there are already, in the strategy's order
   */
  public static List<Share> divide(List<StrategyItem> strategy, List<Integer> before, int tasks) {
    int[] more = new int[strategy.size()];
    for (int i = 0; i < tasks; i++) {
      int next = next(strategy, before, more);
      if (next >= 0) {
        more[next]++;
      }
    }
    var shares = new ArrayList<Share>();
    for (int i = 0; i < more.length; i++) {
      if (more[i] > 0) {
        shares.add(new Share(strategy.get(i).capacityProvider(), more[i]));
      }
    }
    return List.copyOf(shares);
  }

  private static int next(List<StrategyItem> strategy, List<Integer> before, int[] more) {
    int best = -1;
    for (int i = 0; i < more.length; i++) {
      StrategyItem item = strategy.get(i);
      int has = before.get(i) + more[i];
      if (has < item.base()) {
        return i;
      }
      if (item.weight() > 0 && (best < 0 || less(strategy, before, more, i, best))) {
        best = i;
      }
    }
    return best;
  }

  /** Whether the tasks above the base, for their weight, are fewer. */
  private static boolean less(
      List<StrategyItem> strategy, List<Integer> before, int[] more, int one, int other) {
    long ones = (long) before.get(one) + more[one] - strategy.get(one).base();
    long others = (long) before.get(other) + more[other] - strategy.get(other).base();
    return ones * strategy.get(other).weight() < others * strategy.get(one).weight();
  }
}
