// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.plan;

import dev.holdfast.aws.agent.HostGrants;
import dev.holdfast.ecs.model.Host;
import dev.holdfast.ecs.model.TaskSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Decides which host takes a task. Pure; a host's capacity is never exceeded. */
public final class Placement {

  /**
   * An instance that could take the task.
   *
   * @param instance the container instance's ARN
   * @param connected whether its agent listens
   * @param freeCpu what its bookings leave of the host, and {@code freeMemory} likewise
   */
  public record Candidate(
      String instance,
      Host host,
      boolean connected,
      InstanceFacts facts,
      int freeCpu,
      int freeMemory) {
    /** One whose host is counted through once. */
    public Candidate(String instance, Host host, boolean connected, InstanceFacts facts) {
      this(
          instance,
          host,
          connected,
          facts,
          host.cpu() - host.usedCpu(),
          host.memory() - host.usedMemory());
    }

    /** One of which nothing more is known. */
    public Candidate(String instance, Host host, boolean connected) {
      this(instance, host, connected, InstanceFacts.NONE);
    }
  }

  /** Why an instance cannot take the task, in AWS's words. */
  public record Unfit(String instance, String reason, String detail) {}

  /**
   * What one task wants of an instance.
   *
   * @param architecture what the definition asks for, or null
   * @param grants what only the host's owner can allow
   * @param group the tasks that it is spread among, and kept apart from
   */
  public record Wish(
      Host.Booking booking,
      @Nullable String architecture,
      Set<String> grants,
      List<PlacementRule.Constraint> constraints,
      List<PlacementRule.Strategy> strategies,
      String group) {

    /** What a definition wants, without more constraints or a strategy. */
    public static Wish of(Host.Booking booking, TaskSpec spec, String group) {
      TaskSpec.Platform platform = spec.runtimePlatform();
      return new Wish(
          booking,
          platform == null ? null : platform.cpuArchitecture(),
          HostNeeds.of(spec),
          PlacementRule.Constraint.of(spec),
          List.of(),
          group);
    }

    /** With what a request asks for beside the definition. */
    public Wish with(List<PlacementRule.Constraint> more, List<PlacementRule.Strategy> chosen) {
      var all = new ArrayList<>(constraints);
      all.addAll(more);
      return new Wish(booking, architecture, grants, List.copyOf(all), chosen, group);
    }
  }

  /** The decision. */
  public sealed interface Outcome {
    /** The instance, and its host with the task booked. */
    record Placed(String instance, Host host) implements Outcome {}

    /** No instance fits; one reason each. */
    record Unplaceable(List<Unfit> unfit) implements Outcome {}
  }

  private Placement() {}

  /**
   * Places one task on the fitting host with the most free memory.
   *
   * @param architecture what the definition asks for, or null
   */
  public static Outcome place(
      List<Candidate> candidates, Host.Booking wanted, @Nullable String architecture) {
    var wish = new Wish(wanted, architecture, Set.of(), List.of(), List.of(), "");
    return place(candidates, wish, RandomGenerator.getDefault());
  }

  /**
   * Places one task on a fitting instance: by the strategies in their order, then where the most
   * memory is free.
   *
   * @param random asked where the strategy is random
   */
  public static Outcome place(List<Candidate> candidates, Wish wish, RandomGenerator random) {
    List<Candidate> best = candidates.stream().filter(c -> fits(c, wish)).toList();
    for (PlacementRule.Strategy strategy : wish.strategies()) {
      best = best.size() > 1 ? choose(best, strategy, wish.group(), random) : best;
    }
    return best.stream()
        .max(Comparator.comparingInt(Candidate::freeMemory).thenComparing(Candidate::instance))
        .map(c -> placed(c, wish))
        .orElseGet(
            () ->
                new Outcome.Unplaceable(
                    candidates.stream().flatMap(c -> unfit(c, wish).stream()).toList()));
  }

  static Outcome placed(Candidate candidate, Wish wish) {
    return new Outcome.Placed(candidate.instance(), candidate.host().book(wish.booking()));
  }

  /** Whether an instance can take the task; why it cannot is {@link #unfit}'s to say. */
  static boolean fits(Candidate candidate, Wish wish) {
    Host.Needs needs = wish.booking().needs();
    return needs.cpu() <= candidate.freeCpu()
        && needs.memory() <= candidate.freeMemory()
        && unfit(candidate, wish).isEmpty();
  }

  private static List<Candidate> choose(
      List<Candidate> fit, PlacementRule.Strategy strategy, String group, RandomGenerator random) {
    return switch (strategy) {
      case PlacementRule.Strategy.AtRandom() -> List.of(fit.get(random.nextInt(fit.size())));
      case PlacementRule.Strategy.Binpack(boolean memory) -> {
        int least = fit.stream().mapToInt(c -> free(c, memory)).min().orElse(0);
        yield fit.stream().filter(c -> free(c, memory) == least).toList();
      }
      case PlacementRule.Strategy.Spread spread -> {
        Map<String, Integer> tasks = new HashMap<>();
        fit.forEach(c -> tasks.merge(spread.value(c), c.facts().of(group), Integer::sum));
        int least = tasks.values().stream().mapToInt(n -> n).min().orElse(0);
        yield fit.stream().filter(c -> tasks.getOrDefault(spread.value(c), 0) == least).toList();
      }
    };
  }

  private static int free(Candidate candidate, boolean memory) {
    return memory ? candidate.freeMemory() : candidate.freeCpu();
  }

  /** Whether an instance may take the task, whatever room it has. */
  public static Optional<Unfit> unsuitable(Candidate candidate, Wish wish) {
    Host host = candidate.host();
    String architecture = wish.architecture();
    if (!candidate.connected()) {
      return no(candidate, "AGENT", "the agent of this instance is not connected");
    }
    if (architecture != null
        && !host.architecture().isEmpty()
        && !architecture.equals(host.architecture())) {
      return no(
          candidate,
          "ATTRIBUTE",
          "the task wants the architecture "
              + architecture
              + ", the host has "
              + host.architecture());
    }
    Set<String> missing = HostGrants.missing(wish.grants(), candidate.facts().grants());
    if (!missing.isEmpty()) {
      return no(candidate, "ATTRIBUTE", HostNeeds.refusal(missing, candidate.facts()));
    }
    for (PlacementRule.Constraint constraint : wish.constraints()) {
      Optional<String> reason = constraint.unsatisfied(candidate, wish.group());
      if (reason.isPresent()) {
        return no(candidate, reason.get(), constraint.detail(candidate));
      }
    }
    return Optional.empty();
  }

  private static Optional<Unfit> unfit(Candidate candidate, Wish wish) {
    Optional<Unfit> unsuitable = unsuitable(candidate, wish);
    if (unsuitable.isPresent()) {
      return unsuitable;
    }
    Host host = candidate.host();
    Host.Needs needs = wish.booking().needs();
    Optional<String> cpu = amount("CPU units", needs.cpu(), candidate.freeCpu(), host.cpu());
    if (cpu.isPresent()) {
      return no(candidate, "RESOURCE:CPU", cpu.get());
    }
    Optional<String> memory =
        amount("MiB of memory", needs.memory(), candidate.freeMemory(), host.memory());
    if (memory.isPresent()) {
      return no(candidate, "RESOURCE:MEMORY", memory.get());
    }
    if (needs.tcp().isEmpty() && needs.udp().isEmpty()) {
      return Optional.empty();
    }
    return port(needs.tcp(), host.tcp(), "tcp")
        .or(() -> port(needs.udp(), host.udp(), "udp"))
        .flatMap(text -> no(candidate, "RESOURCE:PORTS", text));
  }

  private static Optional<String> amount(String unit, int wanted, int free, int total) {
    if (wanted > total) {
      return Optional.of(
          "the task needs " + wanted + " " + unit + " and the host has " + total + " in all");
    }
    if (wanted > free) {
      return Optional.of(
          "the task needs " + wanted + " " + unit + " and the host has " + free + " free");
    }
    return Optional.empty();
  }

  private static Optional<String> port(List<Integer> wanted, List<Integer> taken, String protocol) {
    var seen = new HashSet<>(taken);
    for (Integer port : wanted) {
      if (!seen.add(port)) {
        return Optional.of("the host's port " + port + "/" + protocol + " is taken");
      }
    }
    return Optional.empty();
  }

  private static Optional<Unfit> no(Candidate candidate, String reason, String detail) {
    return Optional.of(new Unfit(candidate.instance(), reason, detail));
  }
}
