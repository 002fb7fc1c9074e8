// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.ecs.model.Cluster;
import dev.holdfast.ecs.model.Host;
import dev.holdfast.ecs.model.TaskSpec;
import dev.holdfast.kit.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

  private static Placement.Candidate candidate(String id, int memory, InstanceFacts facts) {
    return new Placement.Candidate(id, host(id, 4096, memory), true, facts);
  }

  private static InstanceFacts zone(String zone, int tasks) {
    return new InstanceFacts(
        "i", Map.of("zone", zone), null, null, tasks, Map.of("g", tasks), Set.of());
  }

  private static Placement.Wish wish(
      List<PlacementRule.Constraint> constraints, List<PlacementRule.Strategy> strategies) {
    return new Placement.Wish(booking("t", 1, 1), null, Set.of(), constraints, strategies, "g");
  }

  private static String placed(List<Placement.Candidate> candidates, Placement.Wish wish) {
    return Placement.place(candidates, wish, new SplittableRandom(3))
            instanceof Placement.Outcome.Placed(var instance, _)
        ? instance
        : "nowhere";
  }

  @Test
  void spreadsBeforeItPacks() {
    var all =
        List.of(
            candidate("a1", 4000, zone("a", 2)),
            candidate("a2", 3000, zone("a", 0)),
            candidate("b1", 2000, zone("b", 1)),
            candidate("b2", 1000, zone("b", 0)));
    var spread = PlacementRule.strategy("spread", "attribute:zone");
    var pack = PlacementRule.strategy("binpack", "memory");
    assertThat(placed(all, wish(List.of(), List.of(spread, pack)))).isEqualTo("b2");
    assertThat(placed(all, wish(List.of(), List.of(pack)))).isEqualTo("b2");
    assertThat(
            placed(all, wish(List.of(), List.of(PlacementRule.strategy("spread", "instanceId")))))
        .isEqualTo("a2");
    assertThat(placed(all, wish(List.of(), List.of()))).isEqualTo("a1");
    assertThat(placed(all, wish(List.of(), List.of(PlacementRule.strategy("random", null)))))
        .isIn("a1", "a2", "b1", "b2");
  }

  @Test
  void keepsToTheConstraints() {
    var all = List.of(candidate("a", 4000, zone("a", 1)), candidate("b", 2000, zone("b", 0)));
    var apart = PlacementRule.constraint("distinctInstance", null);
    var inA = PlacementRule.constraint("memberOf", "attribute:zone == a");
    assertThat(placed(all, wish(List.of(apart), List.of()))).isEqualTo("b");
    assertThat(placed(all, wish(List.of(inA), List.of()))).isEqualTo("a");
    assertThat(Placement.place(all, wish(List.of(apart, inA), List.of()), new SplittableRandom(1)))
        .isInstanceOfSatisfying(
            Placement.Outcome.Unplaceable.class,
            u ->
                assertThat(u.unfit())
                    .extracting(Placement.Unfit::reason)
                    .containsExactly(
                        "DistinctInstance placement constraint unsatisfied.",
                        "MemberOf placement constraint unsatisfied."));
  }

  @Test
  void asksTheHostsOwnerAndSaysWhatToList() {
    var needs =
        new Placement.Wish(
            booking("t", 1, 1),
            null,
            Set.of("hostNetwork", "capability:SYS_TIME"),
            List.of(),
            List.of(),
            "g");
    assertThat(
            Placement.place(
                List.of(candidate("a", 100, zone("a", 0))), needs, new SplittableRandom(1)))
        .isInstanceOfSatisfying(
            Placement.Outcome.Unplaceable.class,
            u -> {
              assertThat(u.unfit().getFirst().reason()).isEqualTo("ATTRIBUTE");
              assertThat(u.unfit().getFirst().detail())
                  .contains("`\"hostNetwork\": true`", "`\"capabilities\": [\"SYS_TIME\"]`");
            });
    var granting =
        new InstanceFacts(
            "i", Map.of(), null, null, 0, Map.of(), Set.of("hostNetwork", "capability:SYS_TIME"));
    assertThat(placed(List.of(candidate("a", 100, granting)), needs)).isEqualTo("a");
  }

  /** Whatever is asked, room is never exceeded and no constraint broken. */
  @Test
  void holdsEveryConstraintAndRoomWhateverIsAsked() {
    var random = new SplittableRandom(99);
    for (int round = 0; round < 200; round++) {
      var all = new ArrayList<Placement.Candidate>();
      for (int i = random.nextInt(1, 8); i > 0; i--) {
        all.add(candidate("h" + i, random.nextInt(1, 2000), zone("z" + random.nextInt(3), 0)));
      }
      var constraints = new ArrayList<PlacementRule.Constraint>();
      if (random.nextBoolean()) {
        constraints.add(PlacementRule.constraint("distinctInstance", null));
      }
      if (random.nextBoolean()) {
        constraints.add(PlacementRule.constraint("memberOf", "attribute:zone in [z0, z1]"));
      }
      var strategies = new ArrayList<PlacementRule.Strategy>();
      String[][] known = {
        {"random", null},
        {"spread", "attribute:zone"},
        {"spread", "host"},
        {"binpack", "CPU"},
        {"binpack", "MEMORY"}
      };
      for (int i = random.nextInt(4); i > 0; i--) {
        String[] one = known[random.nextInt(known.length)];
        strategies.add(PlacementRule.strategy(one[0], one[1]));
      }
      for (int task = 0; task < 15; task++) {
        var wanted =
            new Placement.Wish(
                booking("t" + task, random.nextInt(500), random.nextInt(600)),
                null,
                Set.of(),
                constraints,
                strategies,
                "g");
        if (Placement.place(all, wanted, random)
            instanceof Placement.Outcome.Placed(var instance, var booked)) {
          var before =
              all.stream().filter(c -> c.instance().equals(instance)).findFirst().orElseThrow();
          constraints.forEach(c -> assertThat(c.unsatisfied(before, "g")).isEmpty());
          all.replaceAll(
              c ->
                  c.instance().equals(instance)
                      ? new Placement.Candidate(instance, booked, true, c.facts().with("g"))
                      : c);
        }
      }
      all.forEach(c -> assertThat(c.host().usedMemory()).isLessThanOrEqualTo(c.host().memory()));
      all.forEach(c -> assertThat(c.host().usedCpu()).isLessThanOrEqualTo(c.host().cpu()));
    }
  }

  @Test
  void dividesAllTasksAndNoneMore() {
    var random = new SplittableRandom(5);
    for (int round = 0; round < 300; round++) {
      var strategy = new ArrayList<Cluster.StrategyItem>();
      var before = new ArrayList<Integer>();
      for (int i = random.nextInt(1, 5); i > 0; i--) {
        strategy.add(
            new Cluster.StrategyItem(
                "p" + i, random.nextInt(1, 5), i == 1 ? random.nextInt(4) : 0));
        before.add(random.nextInt(6));
      }
      int tasks = random.nextInt(20);
      List<CapacityPlan.Share> shares = CapacityPlan.divide(strategy, before, tasks);
      assertThat(shares.stream().mapToInt(CapacityPlan.Share::tasks).sum()).isEqualTo(tasks);
      var last = strategy.getLast();
      int has =
          before.getLast()
              + shares.stream()
                  .filter(s -> s.provider().equals(last.capacityProvider()))
                  .mapToInt(CapacityPlan.Share::tasks)
                  .sum();
      assertThat(has).isGreaterThanOrEqualTo(Math.min(last.base(), before.getLast() + tasks));
    }
  }

  @Test
  void dividesTasksByBaseAndWeight() {
    var strategy =
        List.of(
            new Cluster.StrategyItem("FARGATE", 1, 2),
            new Cluster.StrategyItem("FARGATE_SPOT", 3, 0));
    assertThat(CapacityPlan.divide(strategy, List.of(0, 0), 10))
        .containsExactly(
            new CapacityPlan.Share("FARGATE", 4), new CapacityPlan.Share("FARGATE_SPOT", 6));
    assertThat(CapacityPlan.divide(strategy, List.of(0, 0), 1))
        .containsExactly(new CapacityPlan.Share("FARGATE", 1));
    assertThat(CapacityPlan.divide(strategy, List.of(2, 0), 4))
        .containsExactly(
            new CapacityPlan.Share("FARGATE", 1), new CapacityPlan.Share("FARGATE_SPOT", 3));
    assertThat(CapacityPlan.fault(strategy)).isEmpty();
    assertThat(
            CapacityPlan.fault(
                List.of(
                    new Cluster.StrategyItem("FARGATE", 1, 0),
                    new Cluster.StrategyItem("own", 1, 0))))
        .isPresent();
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

  @Test
  void goesWhereTheFoldersThatItMountsAreListed() {
    TaskSpec spec =
        TaskSpec.of(
            Json.parseObject(
                """
                {"volumes":[{"name":"d","host":{"sourcePath":"/srv/data"}},
                            {"name":"own","host":{}},{"name":"unused","host":{"sourcePath":"/x"}}],
                 "containerDefinitions":[{"name":"a","mountPoints":[
                   {"sourceVolume":"d","containerPath":"/d","readOnly":true},
                   {"sourceVolume":"own","containerPath":"/o"}]}]}
                """));
    assertThat(HostNeeds.of(spec)).containsExactly("bindMountReadOnly:/srv/data");
    var wish = Placement.Wish.of(booking("t", 1, 1), spec, "g");
    var plain = candidate("plain", 9000, granting(Set.of("bindMounts")));
    var listing = candidate("listing", 1000, granting(Set.of("bindMounts", "bindMount:/srv/data")));
    assertThat(Placement.place(List.of(plain, listing), wish, new java.util.Random(1)))
        .isInstanceOfSatisfying(
            Placement.Outcome.Placed.class, p -> assertThat(p.instance()).isEqualTo("listing"));
    assertThat(Placement.place(List.of(plain), wish, new java.util.Random(1)))
        .isInstanceOfSatisfying(
            Placement.Outcome.Unplaceable.class,
            u ->
                assertThat(u.unfit().getFirst().detail())
                    .contains("`\"bindMounts\": [{\"path\": \"/srv/data\", \"readOnly\": true}]`"));
    var old = candidate("old", 1000, granting(Set.of()));
    assertThat(Placement.place(List.of(old), wish, new java.util.Random(1)))
        .isInstanceOf(Placement.Outcome.Placed.class);
  }

  @Test
  void awsvpcGoesToAgentsOfOursWhateverAmazonsSaysThatItCan() {
    TaskSpec spec =
        TaskSpec.of(
            Json.parseObject(
                "{\"networkMode\":\"awsvpc\",\"containerDefinitions\":[{\"name\":\"a\"}]}"));
    var wish = Placement.Wish.of(booking("t", 1, 1), spec, "g");
    var ours = candidate("ours", 1000, granting(Set.of("sharedNamespaces")));
    var amazons =
        candidate(
            "amazons",
            9000,
            new InstanceFacts(
                "i",
                Map.of(
                    "com.amazonaws.ecs.capability.docker-remote-api.1.18", "",
                    "ecs.capability.task-eni", ""),
                null,
                null,
                0,
                Map.of(),
                Set.of()));
    assertThat(Placement.place(List.of(amazons, ours), wish, new java.util.Random(1)))
        .isInstanceOfSatisfying(
            Placement.Outcome.Placed.class, p -> assertThat(p.instance()).isEqualTo("ours"));
    assertThat(Placement.place(List.of(amazons), wish, new java.util.Random(1)))
        .isInstanceOfSatisfying(
            Placement.Outcome.Unplaceable.class,
            u -> {
              assertThat(u.unfit().getFirst().reason()).isEqualTo("ATTRIBUTE");
              assertThat(u.unfit().getFirst().detail()).contains("need an agent of ours");
            });
  }

  private static InstanceFacts granting(Set<String> grants) {
    return new InstanceFacts("i", Map.of(), null, null, 0, Map.of(), grants);
  }
}
