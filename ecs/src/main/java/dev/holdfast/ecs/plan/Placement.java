// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.plan;

import dev.holdfast.ecs.model.Host;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decides which host takes a task. Pure; a host's capacity is never exceeded. */
public final class Placement {

  /**
   * An instance that could take the task.
   *
   * @param instance the container instance's ARN
   * @param connected whether its agent listens
   */
  public record Candidate(String instance, Host host, boolean connected) {}

  /** Why an instance cannot take the task, in AWS's words. */
  public record Unfit(String instance, String reason, String detail) {}

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
    var unfit = new ArrayList<Unfit>();
    var fit = new ArrayList<Candidate>();
    for (Candidate candidate : candidates) {
      Optional<Unfit> why = unfit(candidate, wanted.needs(), architecture);
      why.ifPresentOrElse(unfit::add, () -> fit.add(candidate));
    }
    return fit.stream()
        .max(
            Comparator.<Candidate>comparingInt(c -> c.host().memory() - c.host().usedMemory())
                .thenComparing(Candidate::instance))
        .<Outcome>map(c -> new Outcome.Placed(c.instance(), c.host().book(wanted)))
        .orElseGet(() -> new Outcome.Unplaceable(unfit));
  }

  private static Optional<Unfit> unfit(
      Candidate candidate, Host.Needs needs, @Nullable String architecture) {
    Host host = candidate.host();
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
    Optional<String> cpu = amount("CPU units", needs.cpu(), host.usedCpu(), host.cpu());
    if (cpu.isPresent()) {
      return no(candidate, "RESOURCE:CPU", cpu.get());
    }
    Optional<String> memory =
        amount("MiB of memory", needs.memory(), host.usedMemory(), host.memory());
    if (memory.isPresent()) {
      return no(candidate, "RESOURCE:MEMORY", memory.get());
    }
    return port(needs.tcp(), host.tcp(), "tcp")
        .or(() -> port(needs.udp(), host.udp(), "udp"))
        .flatMap(text -> no(candidate, "RESOURCE:PORTS", text));
  }

  private static Optional<String> amount(String unit, int wanted, int used, int total) {
    if (wanted > total) {
      return Optional.of(
          "the task needs " + wanted + " " + unit + " and the host has " + total + " in all");
    }
    if (wanted > total - used) {
      return Optional.of(
          "the task needs "
              + wanted
              + " "
              + unit
              + " and the host has "
              + (total - used)
              + " free");
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
