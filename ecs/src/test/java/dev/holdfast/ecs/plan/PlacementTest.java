// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.ecs.model.Host;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class PlacementTest {
  private static Host host(String id, int cpu, int memory) {
    return new Host(id, "X86_64", cpu, memory, List.of(22), List.of(), List.of());
  }

  private static Host.Booking booking(String task, int cpu, int memory, Integer... ports) {
    return new Host.Booking(task, new Host.Needs(cpu, memory, List.of(ports), List.of()));
  }

  private static String reason(Placement.Outcome outcome) {
    return outcome instanceof Placement.Outcome.Unplaceable(var unfit)
        ? unfit.getFirst().reason()
        : "placed";
  }

  @Test
  void neverExceedsAHostsCapacity() {
    var random = new SplittableRandom(42);
    for (int round = 0; round < 200; round++) {
      var hosts = new ArrayList<Host>();
      for (int i = 0; i < 3; i++) {
        hosts.add(host("h" + i, random.nextInt(4096), random.nextInt(8192)));
      }
      for (int task = 0; task < 40; task++) {
        var wanted =
            booking(
                "t" + task,
                random.nextInt(1024),
                random.nextInt(2048),
                random.nextInt(1, 40),
                random.nextInt(41, 80));
        var candidates = hosts.stream().map(h -> new Placement.Candidate(h.id(), h, true)).toList();
        if (Placement.place(candidates, wanted, null)
            instanceof Placement.Outcome.Placed(_, var booked)) {
          hosts.replaceAll(h -> h.id().equals(booked.id()) ? booked : h);
        }
      }
      for (Host h : hosts) {
        assertThat(h.usedCpu()).isLessThanOrEqualTo(h.cpu());
        assertThat(h.usedMemory()).isLessThanOrEqualTo(h.memory());
        assertThat(new HashSet<>(h.tcp())).hasSameSizeAs(h.tcp());
      }
    }
  }

  @Test
  void placesOnTheHostWithTheMostFreeMemory() {
    var candidates =
        List.of(
            new Placement.Candidate("a", host("a", 1024, 1000), true),
            new Placement.Candidate("b", host("b", 1024, 2000), true));

    assertThat(Placement.place(candidates, booking("t", 1, 1), null))
        .isInstanceOfSatisfying(
            Placement.Outcome.Placed.class, p -> assertThat(p.instance()).isEqualTo("b"));
  }

  @Test
  void namesWhatIsMissing() {
    var connected = List.of(new Placement.Candidate("a", host("a", 1024, 1000), true));
    var away = List.of(new Placement.Candidate("a", host("a", 1024, 1000), false));

    assertThat(reason(Placement.place(connected, booking("t", 2000, 1), null)))
        .isEqualTo("RESOURCE:CPU");
    assertThat(reason(Placement.place(connected, booking("t", 1, 2000), null)))
        .isEqualTo("RESOURCE:MEMORY");
    assertThat(reason(Placement.place(connected, booking("t", 1, 1, 22), null)))
        .isEqualTo("RESOURCE:PORTS");
    assertThat(reason(Placement.place(connected, booking("t", 1, 1), "ARM64")))
        .isEqualTo("ATTRIBUTE");
    assertThat(reason(Placement.place(away, booking("t", 1, 1), null))).isEqualTo("AGENT");
  }

  @Test
  void saysThatATaskIsLargerThanTheHost() {
    var candidates = List.of(new Placement.Candidate("a", host("a", 1024, 1000), true));

    assertThat(Placement.place(candidates, booking("t", 1, 5000), null))
        .isInstanceOfSatisfying(
            Placement.Outcome.Unplaceable.class,
            u ->
                assertThat(u.unfit().getFirst().detail())
                    .isEqualTo("the task needs 5000 MiB of memory and the host has 1000 in all"));
  }
}
