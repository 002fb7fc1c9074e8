// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.ecs.model.Host;
import dev.holdfast.ecs.model.Service;
import dev.holdfast.ecs.model.Service.RolloutState;
import dev.holdfast.ecs.model.ServiceDeployment;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.plan.DeploymentPlan.Bounds;
import dev.holdfast.ecs.plan.DeploymentPlan.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What holds of every plan, on worlds that chance made; a seed that fails is in the test's name.
 */
final class ServicePlanTest {
  private static final int ENOUGH = 400;

  static IntStream seeds() {
    return IntStream.range(0, 60);
  }

  /** Bounds under which a deployment can go on. */
  private static Service.Settings settings(SplittableRandom random, boolean breaker) {
    int min = random.nextInt(0, 101);
    int max = random.nextInt(100, 201);
    return ServiceWorld.settings(false, min, max, breaker, breaker);
  }

  private static boolean canMove(int desired, Service.Settings s) {
    var bounds = new Bounds(desired, s.minimumHealthyPercent(), s.maximumPercent());
    return bounds.upper() > desired || bounds.lower() < desired;
  }

  private static ServiceWorld world(long seed, boolean breaker) {
    var random = new SplittableRandom(seed);
    while (true) {
      int desired = random.nextInt(1, 12);
      Service.Settings settings = settings(random, breaker);
      if (canMove(desired, settings)) {
        return new ServiceWorld(seed, desired, settings, random.nextInt(1, 4), 2500);
      }
    }
  }

  private static void settle(ServiceWorld world, int crashes) {
    for (int i = 0; i < ENOUGH && !world.service.progress().steady(); i++) {
      checked(world);
      world.pass(crashes);
    }
    checked(world);
  }

  /** One look, with what must hold of it. */
  private static void checked(ServiceWorld world) {
    Bounds bounds = ServicePlan.bounds(world.service, world.look().sites());
    long before = world.healthy();
    long wanted = world.live().stream().filter(Task::wanted).count();
    ServicePlan.Next next = world.tend();
    long after = world.healthy();
    if (after < before) {
      assertThat(after)
          .as("healthy tasks that our own stops leave")
          .isGreaterThanOrEqualTo(bounds.lower());
    }
    boolean started = next.decision().steps().stream().anyMatch(s -> s instanceof Step.Start);
    if (started) {
      assertThat(world.live().stream().filter(Task::wanted).count())
          .as("tasks that our own starts make of " + wanted)
          .isLessThanOrEqualTo(Math.max(bounds.upper(), wanted));
    }
    for (Host host : world.hosts.values()) {
      assertThat(host.usedMemory()).isLessThanOrEqualTo(host.memory());
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void everyPlanConverges(int seed) {
    ServiceWorld world = world(seed, false);
    settle(world, 0);
    assertThat(world.service.progress().steady()).as(world.events.toString()).isTrue();

    world.deploy("r1", false);
    settle(world, 5);
    settle(world, 0);

    assertThat(world.service.rollouts()).hasSize(1);
    assertThat(world.primary()).isEqualTo("r1");
    assertThat(world.rollout().state()).isEqualTo(RolloutState.COMPLETED);
    assertThat(world.live()).hasSize(world.service.desiredCount());
    assertThat(world.deployment.status()).isEqualTo(ServiceDeployment.Status.SUCCESSFUL);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aRollbackEndsOnTheLastGoodRevision(int seed) {
    ServiceWorld world = world(seed, true);
    settle(world, 0);

    world.deploy("r1", true);
    if (seed % 2 == 0) {
      checked(world);
      world.deploy("r2", true);
    }
    settle(world, 0);

    assertThat(world.primary()).as(world.events.toString()).isEqualTo("r0");
    assertThat(world.rollout().state()).isEqualTo(RolloutState.COMPLETED);
    assertThat(world.deployment.status()).isEqualTo(ServiceDeployment.Status.ROLLBACK_SUCCESSFUL);
    assertThat(world.live()).hasSize(world.service.desiredCount());
    assertThat(world.events).anyMatch(e -> e.contains("rolling back to deployment ecs-svc/r0."));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void scalesAndMovesOffDrainingHosts(int seed) {
    ServiceWorld world = world(seed, false);
    settle(world, 0);
    int desired = world.random.nextInt(0, 12);
    if (!canMove(desired, world.service.settings())) {
      return;
    }
    world.service =
        world
            .service
            .with(desired, world.service.settings())
            .with(world.service.progress().steady(false));
    settle(world, 0);
    assertThat(world.live()).hasSize(desired);

    if (world.hosts.size() > 1) {
      String arn = world.hosts.keySet().iterator().next();
      world.draining.add(arn);
      world.service = world.service.with(world.service.progress().steady(false));
      settle(world, 0);
      assertThat(world.live()).hasSize(desired);
      assertThat(Objects.requireNonNull(world.hosts.get(arn)).bookings()).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aDaemonRunsOnceOnEachInstance(int seed) {
    var random = new SplittableRandom(seed);
    boolean over = random.nextBoolean();
    var settings =
        ServiceWorld.settings(
            true, random.nextInt(0, over ? 101 : 50), over ? 200 : 100, false, false);
    ServiceWorld world = new ServiceWorld(seed, 0, settings, random.nextInt(2, 7), 1000);
    settle(world, 0);
    once(world);
    world.deploy("r1", false);
    settle(world, 5);
    settle(world, 0);
    once(world);
    assertThat(world.primary()).isEqualTo("r1");
    assertThat(world.rollout().state()).isEqualTo(RolloutState.COMPLETED);
    world.draining.add(world.hosts.keySet().iterator().next());
    for (int i = 0; i < 60; i++) {
      world.tend();
      world.pass(0);
    }
    once(world);
  }

  private static void once(ServiceWorld world) {
    Map<String, Integer> on = new HashMap<>();
    world.live().forEach(t -> on.merge(t.place().instance(), 1, Integer::sum));
    assertThat(on).hasSize(world.hosts.size() - world.draining.size());
    assertThat(on.values()).allMatch(count -> count == 1);
  }

  @Test
  void aCrashLoopBacksOffAndIsTold() {
    ServiceWorld world =
        new ServiceWorld(1, 1, ServiceWorld.settings(false, 100, 200, false, false), 1, 1000);
    world.bad.add("r0");
    int looks = 0;
    var end = world.now.plus(Duration.ofHours(1));
    while (world.now.isBefore(end)) {
      world.tend();
      world.pass(0);
      looks++;
    }
    assertThat(looks).isGreaterThan(500);
    assertThat(world.tasks.size()).as("tasks in an hour").isLessThan(25).isGreaterThan(6);
    assertThat(world.events)
        .contains("(service web) is unable to consistently start tasks successfully.");
    assertThat(world.rollout().failedTasks()).isGreaterThan(6);
  }

  @Test
  void aTaskThatIsKilledIsReplacedAtOnce() {
    ServiceWorld world =
        new ServiceWorld(2, 2, ServiceWorld.settings(false, 100, 200, false, false), 1, 1000);
    settle(world, 0);
    world.kill(world.live().getFirst());
    world.tend();
    assertThat(world.live()).hasSize(2);
  }

  @Test
  void theBreakerWithoutRollbackStopsTheDeployment() {
    ServiceWorld world =
        new ServiceWorld(3, 2, ServiceWorld.settings(false, 100, 200, true, false), 1, 1000);
    settle(world, 0);
    world.deploy("r1", true);
    for (int i = 0; i < 60; i++) {
      checked(world);
      world.pass(0);
    }
    assertThat(world.rollout().state()).isEqualTo(RolloutState.FAILED);
    assertThat(world.rollout().reason())
        .isEqualTo("ECS deployment circuit breaker: tasks failed to start.");
    assertThat(world.deployment.status()).isEqualTo(ServiceDeployment.Status.STOPPED);
    assertThat(world.healthy()).isEqualTo(2);
    int started = world.tasks.size();
    for (int i = 0; i < 20; i++) {
      checked(world);
      world.pass(0);
    }
    assertThat(world.tasks).hasSize(started);
  }

  @Test
  void theThresholdIsHalfOfWhatIsWantedWithinBounds() {
    assertThat(List.of(1, 6, 7, 25, 1000).stream().map(ServiceTransitions::threshold))
        .containsExactly(3, 3, 4, 13, 200);
  }

  @Test
  void aServiceThatIsDeletedEndsWhenItsLastTaskHasStopped() {
    ServiceWorld world =
        new ServiceWorld(4, 3, ServiceWorld.settings(false, 100, 200, false, false), 1, 1000);
    settle(world, 0);
    world.service = world.service.with(0, world.service.settings()).with(Service.Status.DRAINING);
    world.tend();
    assertThat(world.service.status()).isEqualTo(Service.Status.DRAINING);
    for (int i = 0; i < 30; i++) {
      world.pass(0);
      world.tend();
    }
    assertThat(world.live()).isEmpty();
    assertThat(world.service.status()).isEqualTo(Service.Status.INACTIVE);
    assertThat(world.service.rollouts()).isEmpty();
  }

  @Test
  void aDeletedServiceWaitsForNoTaskOnALostHost() {
    ServiceWorld world =
        new ServiceWorld(1, 1, ServiceWorld.settings(false, 100, 200, false, false), 1, 1000);
    settle(world, 0);
    Service draining =
        world.service.with(0, world.service.settings()).with(Service.Status.DRAINING);
    Course course = new Course(draining, world.deployment, List.of());
    for (Member.Place place : Member.Place.values()) {
      var member =
          new Member("t", "r", "i", false, Member.Condition.HEALTHY, place, false, Instant.EPOCH);
      Service next =
          ServiceTransitions.settled(course, 0, List.of(member), Instant.EPOCH).service();
      assertThat(next.status())
          .as(place.name())
          .isEqualTo(
              place == Member.Place.LOST ? Service.Status.INACTIVE : Service.Status.DRAINING);
    }
  }
}
