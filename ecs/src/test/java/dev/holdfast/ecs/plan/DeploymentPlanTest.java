// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.ecs.plan.DeploymentPlan.Bounds;
import dev.holdfast.ecs.plan.DeploymentPlan.Decision;
import dev.holdfast.ecs.plan.DeploymentPlan.Facts;
import dev.holdfast.ecs.plan.DeploymentPlan.Step;
import dev.holdfast.ecs.plan.DeploymentPlan.Why;
import dev.holdfast.ecs.plan.Member.Condition;
import dev.holdfast.ecs.plan.Member.Place;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DeploymentPlanTest {
  private static final Instant NOW = Instant.parse("2026-11-26T08:00:00Z");

  private static Member member(String task, String revision, Condition condition) {
    return new Member(task, revision, "i1", true, condition, Place.STAYS, false, NOW);
  }

  private static Member at(Member m, Place place) {
    return new Member(
        m.task(), m.revision(), m.instance(), true, m.condition(), place, false, m.createdAt());
  }

  private static Member guarded(Member m) {
    return new Member(
        m.task(), m.revision(), m.instance(), true, m.condition(), m.place(), true, m.createdAt());
  }

  private static Decision plan(Bounds bounds, Member... members) {
    return DeploymentPlan.replicas(new Facts(bounds, "new", true, true, false, List.of(members)));
  }

  private static int starts(Decision decision) {
    return decision.steps().stream()
        .mapToInt(s -> s instanceof Step.Start(int count, _) ? count : 0)
        .sum();
  }

  private static List<String> stops(Decision decision) {
    var stops = new ArrayList<String>();
    for (Step step : decision.steps()) {
      if (step instanceof Step.Stop(String task, Why _)) {
        stops.add(task);
      }
    }
    return stops;
  }

  @Test
  void roundsTheMinimumUpAndTheMaximumDown() {
    var bounds = new Bounds(3, 50, 150);
    assertThat(bounds.lower()).isEqualTo(2);
    assertThat(bounds.upper()).isEqualTo(4);
  }

  @Test
  void startsWhatIsMissing() {
    assertThat(starts(plan(new Bounds(3, 100, 200), member("a", "new", Condition.HEALTHY))))
        .isEqualTo(2);
  }

  @Test
  void startsTheNewBeforeItStopsTheOld() {
    var bounds = new Bounds(2, 100, 200);
    Member a = member("a", "old", Condition.HEALTHY);
    Member b = member("b", "old", Condition.HEALTHY);

    Decision first = plan(bounds, a, b);
    assertThat(starts(first)).isEqualTo(2);
    assertThat(stops(first)).isEmpty();

    Decision one =
        plan(
            bounds,
            a,
            b,
            member("c", "new", Condition.HEALTHY),
            member("d", "new", Condition.PENDING));
    assertThat(stops(one)).hasSize(1).containsAnyOf("a", "b");
  }

  @Test
  void stopsTheOldFirstWhereThereIsNoRoom() {
    Decision decision =
        plan(
            new Bounds(2, 50, 100),
            member("a", "old", Condition.HEALTHY),
            member("b", "old", Condition.HEALTHY));
    assertThat(stops(decision)).hasSize(1);
    assertThat(starts(decision)).isZero();
  }

  @Test
  void makesRoomOnTheHostsAsFarAsTheMinimumAllows() {
    var facts =
        new Facts(
            new Bounds(4, 50, 200),
            "new",
            true,
            true,
            true,
            List.of(
                member("a", "old", Condition.HEALTHY),
                member("b", "old", Condition.HEALTHY),
                member("c", "old", Condition.HEALTHY),
                member("d", "old", Condition.HEALTHY)));
    assertThat(stops(DeploymentPlan.replicas(facts))).hasSize(2);
  }

  @Test
  void saysThatItIsStuckWhereTheBoundsAllowNothing() {
    assertThat(plan(new Bounds(1, 100, 100), member("a", "old", Condition.HEALTHY)).stuck())
        .isTrue();
    assertThat(plan(new Bounds(1, 100, 200), member("a", "old", Condition.HEALTHY)).stuck())
        .isFalse();
  }

  @Test
  void replacesAnUnhealthyTaskBeforeItStopsIt() {
    var bounds = new Bounds(1, 100, 200);
    Member sick = member("sick", "new", Condition.UNHEALTHY);
    Decision first = plan(bounds, sick);
    assertThat(starts(first)).isEqualTo(1);
    assertThat(stops(first)).isEmpty();
    assertThat(stops(plan(bounds, sick, member("next", "new", Condition.YOUNG)))).isEmpty();
    assertThat(stops(plan(bounds, sick, member("next", "new", Condition.HEALTHY))))
        .containsExactly("sick");
  }

  @Test
  void stopsAnUnhealthyTaskFirstWhereThereIsNoRoom() {
    Decision decision = plan(new Bounds(1, 0, 100), member("sick", "new", Condition.UNHEALTHY));
    assertThat(decision.steps()).containsExactly(new Step.Stop("sick", Why.HEALTH));
  }

  @Test
  void movesTasksOffADrainingHost() {
    Member there = at(member("a", "new", Condition.HEALTHY), Place.DRAINS);
    var bounds = new Bounds(1, 100, 200);
    assertThat(starts(plan(bounds, there))).isEqualTo(1);
    assertThat(stops(plan(bounds, there))).isEmpty();
    assertThat(stops(plan(bounds, there, member("b", "new", Condition.HEALTHY))))
        .containsExactly("a");
  }

  @Test
  void replacesTasksOfALostHostBeyondTheMaximum() {
    Member there = at(member("a", "new", Condition.HEALTHY), Place.LOST);
    var bounds = new Bounds(1, 0, 100);
    assertThat(starts(plan(bounds, there))).isEqualTo(1);
    assertThat(stops(plan(bounds, there))).isEmpty();
    assertThat(stops(plan(bounds, there, member("b", "new", Condition.HEALTHY))))
        .containsExactly("a");
  }

  @Test
  void stopsNoProtectedTask() {
    Member kept = guarded(member("a", "old", Condition.HEALTHY));
    Decision decision = plan(new Bounds(1, 100, 200), kept, member("b", "new", Condition.HEALTHY));
    assertThat(decision.steps()).isEmpty();
  }

  @Test
  void startsNothingWhileItIsThrottledOrFailed() {
    var bounds = new Bounds(2, 100, 200);
    assertThat(
            DeploymentPlan.replicas(new Facts(bounds, "new", true, false, false, List.of()))
                .steps())
        .isEmpty();
    assertThat(
            DeploymentPlan.replicas(new Facts(bounds, "new", false, true, false, List.of()))
                .steps())
        .isEmpty();
  }

  @Test
  void daemonRunsOnceOnEachSite() {
    var sites = List.of(new DaemonPlan.Site("i1", true), new DaemonPlan.Site("i2", true));
    var facts =
        new Facts(
            DaemonPlan.bounds(sites, 0, 100),
            "new",
            true,
            true,
            false,
            List.of(
                member("a", "new", Condition.HEALTHY),
                member("b", "new", Condition.YOUNG),
                new Member("c", "new", "i9", true, Condition.HEALTHY, Place.STAYS, false, NOW)));
    Decision decision = DaemonPlan.decide(facts, sites);
    assertThat(stops(decision)).containsExactlyInAnyOrder("b", "c");
    assertThat(decision.steps()).contains(new Step.Start(1, "i2"));
    assertThat(starts(decision)).isEqualTo(1);
  }

  private static Member quiet(String task) {
    return at(member(task, "new", Condition.HEALTHY), Place.QUIET);
  }

  @Test
  void keepsWhatIsSeenWhereAHostIsSilent() {
    var bounds = new Bounds(2, 50, 200);
    Member a = member("a", "new", Condition.HEALTHY);
    Member b = member("b", "new", Condition.HEALTHY);
    // One too many since the silent copy may run after all: it is that one which goes.
    assertThat(stops(plan(bounds, a, b, quiet("c")))).containsExactly("c");
  }

  @Test
  void stopsNothingForTheSakeOfASilentHost() {
    var bounds = new Bounds(2, 50, 200);
    Member a = member("a", "new", Condition.HEALTHY);
    assertThat(plan(bounds, a, quiet("b"), quiet("c")).steps()).isEmpty();
  }

  @Test
  void countsNoTaskOfASilentHostForTheMinimum() {
    var bounds = new Bounds(2, 100, 200);
    Member a = member("a", "new", Condition.HEALTHY);
    Member b = member("b", "old", Condition.HEALTHY);
    assertThat(plan(bounds, a, b, quiet("c")).steps()).isEmpty();
  }

  @Test
  void waitsForASilentHostBeforeItStartsElsewhere() {
    assertThat(starts(plan(new Bounds(2, 50, 200), quiet("a"), quiet("b")))).isZero();
  }
}
