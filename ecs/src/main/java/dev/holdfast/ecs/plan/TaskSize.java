// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.plan;

import dev.holdfast.ecs.model.ContainerSpec;
import dev.holdfast.ecs.model.Host;
import dev.holdfast.ecs.model.TaskSpec;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** How much of a host a task takes. */
public final class TaskSize {
  private TaskSize() {}

  /** CPU units of {@code 256}, {@code .25 vCPU}, {@code 1vcpu}; empty where it is no amount. */
  public static OptionalInt cpu(@Nullable String text) {
    return amount(text, "vcpu");
  }

  /** MiB of {@code 512}, {@code 1GB}, {@code 0.5 gb}; empty where it is no amount. */
  public static OptionalInt memory(@Nullable String text) {
    return amount(text, "gb");
  }

  /** As policies judge it: CPU units as a whole number, however it is written. */
  public static @Nullable String cpuKey(@Nullable String text) {
    return key(cpu(text), text);
  }

  /** As policies judge it: MiB as a whole number, however it is written. */
  public static @Nullable String memoryKey(@Nullable String text) {
    return key(memory(text), text);
  }

  private static @Nullable String key(OptionalInt amount, @Nullable String text) {
    return amount.isPresent() ? Integer.toString(amount.getAsInt()) : text;
  }

  private static OptionalInt amount(@Nullable String text, String unit) {
    if (text == null) {
      return OptionalInt.empty();
    }
    String lower = text.strip().toLowerCase(Locale.ROOT);
    boolean large = lower.endsWith(unit);
    String digits = large ? lower.substring(0, lower.length() - unit.length()).strip() : lower;
    try {
      var number = new BigDecimal(digits);
      int amount = (large ? number.multiply(BigDecimal.valueOf(1024)) : number).intValueExact();
      return amount > 0 ? OptionalInt.of(amount) : OptionalInt.empty();
    } catch (ArithmeticException | NumberFormatException _) {
      return OptionalInt.empty();
    }
  }

  /** What the task takes: its own amounts, or the sum over its containers. */
  public static Host.Needs of(TaskSpec spec) {
    int cpu = cpu(spec.cpu()).orElseGet(() -> sum(spec, c -> c.cpu() == null ? 0 : c.cpu()));
    int memory = memory(spec.memory()).orElseGet(() -> sum(spec, TaskSize::memory));
    var tcp = new ArrayList<Integer>();
    var udp = new ArrayList<Integer>();
    for (ContainerSpec container : spec.containerDefinitions()) {
      for (ContainerSpec.Port port : container.portMappings()) {
        int taken = hostPort(spec, port);
        if (taken != 0) {
          (port.udp() ? udp : tcp).add(taken);
        }
      }
    }
    return new Host.Needs(cpu, memory, List.copyOf(tcp), List.copyOf(udp));
  }

  /** The port of the host that a mapping takes; 0 where the host chooses or none is taken. */
  private static int hostPort(TaskSpec spec, ContainerSpec.Port port) {
    return switch (spec.network()) {
      case "awsvpc", "none" -> 0;
      case "host" -> port.containerPort() == null ? 0 : port.containerPort();
      default -> port.fixed();
    };
  }

  /** What all containers take; never less than it is, however large the amounts are. */
  static int sum(TaskSpec spec, ToIntFunction<ContainerSpec> amount) {
    long sum = spec.containerDefinitions().stream().mapToLong(c -> amount.applyAsInt(c)).sum();
    return Math.clamp(sum, 0, Integer.MAX_VALUE);
  }

  static int memory(ContainerSpec container) {
    if (container.memoryReservation() != null) {
      return container.memoryReservation();
    }
    return container.memory() == null ? 0 : container.memory();
  }
}
