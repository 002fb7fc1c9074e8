// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.control;

import dev.holdfast.aws.ecs.DeregisterContainerInstanceResponse;
import dev.holdfast.aws.ecs.UpdateContainerInstancesStateResponse;
import dev.holdfast.ecs.control.SimOperator.Wish;
import dev.holdfast.ecs.control.SimWorld.Sort;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.Service;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.state.Services;
import dev.holdfast.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** A fleet, its services, and all that goes wrong with them in some time, out of one seed. */
final class Simulation {
  /**
   * How large, for how long, and how rough.
   *
   * @param pace how many times as often as on a day things happen
   */
  record Scale(int hosts, int services, int tasks, Duration chaos, int pace) {}

  private static final List<Sort> BAD = List.of(Sort.CRASHING, Sort.NO_IMAGE, Sort.UNHEALTHY);
  private static final Duration TICK = Duration.ofSeconds(1);
  private static final Duration AUDIT = Duration.ofMinutes(5);

  /** In so long all is as it is wanted, once nothing fails any more. */
  static final Duration CONVERGED = Duration.ofMinutes(45);

  private final Scale scale;
  private final SplittableRandom random;
  private final SimPlatform platform;
  private final SimWorld world;
  private final SimOperator operator;
  private boolean quiet;
  private int machines;

  Simulation(Store store, long seed, Scale scale) {
    this.scale = scale;
    this.random = new SplittableRandom(seed);
    this.platform = new SimPlatform(store, random.split());
    this.world = new SimWorld(platform, random.split());
    this.operator = new SimOperator(world);
  }

  /** Runs it; what does not hold is an {@link AssertionError}. */
  SimLedger run() {
    try (platform) {
      operator.cluster();
      world.ledger().watch(operator);
      for (int i = 0; i < scale.hosts(); i++) {
        join();
      }
      createServices();
      housekeeping();
      Instant end = platform.now.plus(scale.chaos());
      pass(Duration.ofMinutes(5));
      trouble();
      pass(Duration.between(platform.now, end));
      calm();
      pass(CONVERGED);
      converged();
      return world.ledger();
    }
  }

  private void createServices() {
    operator.create(-1);
    int rest = scale.tasks() - scale.hosts();
    for (int i = 1; i < scale.services(); i++) {
      int mean = rest / (scale.services() - i);
      int desired = i == scale.services() - 1 ? mean : random.nextInt(1, Math.max(2, 2 * mean));
      operator.create(Math.clamp(desired, 1, Math.max(1, scale.hosts() / 4)));
      rest -= desired;
    }
  }

  private SimHost join() {
    SimHost host = SimHost.joining(world, machines++);
    world.hosts.put(host.key.id(), host);
    return host;
  }

  private void housekeeping() {
    platform.keepHouse();
    for (SimHost host : world.hosts.values()) {
      // At each beat of a stream's heart it is looked at, so that its sessions are renewed.
      if (platform.now.getEpochSecond() % 600 < 60) {
        host.tell();
      }
    }
    world.in(Duration.ofMinutes(1), this::housekeeping);
  }

  /** Lets time pass, looking at all that happens. */
  private void pass(Duration time) {
    Instant end = platform.now.plus(time);
    Instant audit = platform.now.plus(AUDIT);
    while (platform.now.isBefore(end)) {
      world.happen(platform.now.plus(TICK));
      platform.turn();
      world.ledger().look();
      if (!platform.now.isBefore(audit)) {
        audit = audit.plus(AUDIT);
        world.ledger().audit();
      }
    }
  }

  /** Begins what goes wrong; each thing goes on by itself until it is calm. */
  private void trouble() {
    every(Duration.ofHours(12).dividedBy(scale.tasks()), this::crash);
    every(Duration.ofHours(8).dividedBy(scale.hosts()), this::cut);
    every(Duration.ofHours(24).dividedBy(scale.hosts()), this::reboot);
    every(Duration.ofDays(20).dividedBy(scale.hosts()), this::die);
    every(Duration.ofDays(5).dividedBy(scale.hosts()), this::drain);
    every(Duration.ofHours(3).dividedBy(scale.services()), this::deploy);
    every(Duration.ofHours(4).dividedBy(scale.services()), this::scaleOne);
    every(Duration.ofHours(10).dividedBy(scale.services()), () -> operator.force(any()));
    every(Duration.ofHours(2), this::change);
    every(Duration.ofHours(6), () -> world.registryBack = world.now().plus(world.seconds(60, 300)));
    every(Duration.ofHours(8), this::replaceService);
    every(Duration.ofHours(8), this::restart);
  }

  private void every(Duration mean, Runnable what) {
    Duration time = mean.dividedBy(scale.pace());
    world.in(
        world.once(time),
        () -> {
          if (!quiet) {
            what.run();
            every(mean, what);
          }
        });
  }

  private SimHost anyHost() {
    List<SimHost> all =
        world.hosts.values().stream().filter(h -> !h.gone && h.removed == null).toList();
    return all.get(random.nextInt(all.size()));
  }

  private Wish any() {
    List<Wish> all = operator.wishes.values().stream().filter(w -> !w.deleted).toList();
    return all.get(random.nextInt(all.size()));
  }

  private void crash() {
    SimHost host = anyHost();
    List<SimHost.Box> boxes = List.copyOf(host.boxes.values());
    if (!boxes.isEmpty()) {
      world.ledger().count("tasks that died");
      host.crash(boxes.get(random.nextInt(boxes.size())), 137);
    }
  }

  private void cut() {
    SimHost host = anyHost();
    world.ledger().count("hosts cut off");
    host.disconnect();
    int dice = random.nextInt(10);
    Duration time =
        dice < 6
            ? world.seconds(3, 80)
            : dice < 9 ? world.seconds(85, 600) : world.seconds(600, 3600);
    world.in(time, host::connect);
  }

  private void reboot() {
    SimHost host = anyHost();
    world.ledger().count("hosts rebooted");
    host.powerOff();
    world.in(world.seconds(30, 240), host::connect);
  }

  /** A machine burns; after a while its operator takes it out, and brings another. */
  private void die() {
    SimHost host = anyHost();
    world.ledger().count("hosts lost for good");
    host.powerOff();
    host.gone = true;
    world.in(world.seconds(60, 1800), () -> remove(host));
    world.in(world.seconds(60, 900), this::join);
  }

  private void remove(SimHost host) {
    if (host.removed == null) {
      host.removed = platform.now;
      var _ =
          platform.call(
              "DeregisterContainerInstance",
              "{\"cluster\":\"%s\",\"containerInstance\":\"%s\",\"force\":true}"
                  .formatted(SimPlatform.CLUSTER, host.key.id()),
              DeregisterContainerInstanceResponse.class);
    }
  }

  private void state(SimHost host, String status) {
    if (host.removed == null) {
      var _ =
          platform.call(
              "UpdateContainerInstancesState",
              "{\"cluster\":\"%s\",\"containerInstances\":[\"%s\"],\"status\":\"%s\"}"
                  .formatted(SimPlatform.CLUSTER, host.key.id(), status),
              UpdateContainerInstancesStateResponse.class);
    }
  }

  private void drain() {
    SimHost host = anyHost();
    world.ledger().count("hosts drained");
    state(host, "DRAINING");
    world.in(
        world.seconds(1800, 5400),
        () -> {
          if (world.ledger().on(host.key).isEmpty() && world.chance(300)) {
            world.ledger().count("drained hosts removed when empty");
            remove(host);
            var _ = join();
          } else {
            state(host, "ACTIVE");
          }
        });
  }

  private void deploy() {
    Wish wish = any();
    Sort sort = world.chance(700) ? Sort.GOOD : BAD.get(random.nextInt(BAD.size()));
    world.ledger().count("deployments of " + sort);
    operator.deploy(wish, sort);
    if (world.chance(150)) {
      world.in(
          world.seconds(5, 240),
          () -> {
            if (!wish.deleted) {
              operator.rollBack(wish);
            }
          });
    }
    // Without a breaker nobody but the operator ends a bad deployment.
    if (sort != Sort.GOOD) {
      world.in(
          world.seconds(1200, 3600),
          () -> {
            if (!wish.deleted && !wish.good) {
              operator.deploy(wish, Sort.GOOD);
            }
          });
    }
  }

  private void scaleOne() {
    Wish wish = any();
    int most = Math.max(2, Math.min(scale.hosts() / 4, 2 * scale.tasks() / scale.services()));
    int desired = random.nextInt(wish.lowest == 100 && wish.highest == 200 ? 0 : 4, most + 4);
    operator.scale(wish, Math.min(desired, Math.max(4, most)));
  }

  private void change() {
    List<Wish> all = operator.wishes.values().stream().filter(w -> w.rolls && !w.deleted).toList();
    if (!all.isEmpty()) {
      world.ledger().count("secrets changed");
      operator.change(all.get(random.nextInt(all.size())));
    }
  }

  private void replaceService() {
    Wish wish = any();
    if (!wish.daemon) {
      world.ledger().count("services deleted");
      operator.delete(wish);
      operator.create(Math.max(1, wish.desired));
    }
  }

  /** The platform ends and starts again: nothing but the rows is left. */
  private void restart() {
    world.ledger().count("platform restarts");
    List<SimHost> listening = world.hosts.values().stream().filter(SimHost::listens).toList();
    platform.restart();
    for (SimHost host : listening) {
      host.dropped();
      world.in(world.seconds(1, 30), host::connect);
    }
  }

  /** Nothing fails from now on, and what is bad is replaced. */
  private void calm() {
    quiet = true;
    world.registryBack = Instant.MIN;
    List.copyOf(world.hosts.values()).stream()
        .filter(h -> !h.gone && h.removed == null && !h.listens())
        .forEach(SimHost::connect);
    for (Wish wish : operator.wishes.values()) {
      if (!wish.deleted && (!wish.good || operator.failed(wish))) {
        operator.deploy(wish, Sort.GOOD);
      }
    }
  }

  private void converged() {
    world.ledger().audit();
    var wrong = new ArrayList<String>(world.ledger().openFor(Duration.ZERO));
    platform.state.read(
        view -> {
          for (Wish wish : operator.wishes.values()) {
            Service service = Services.find(view, wish.key);
            if (service == null || wish.deleted) {
              continue;
            }
            Service.Rollout primary = service.primary();
            List<Task> tasks =
                Services.of(view, EcsTables.SERVICE_TASKS, wish.key).stream()
                    .map(r -> r.key().taskKey())
                    .flatMap(k -> Stream.ofNullable(view.get(EcsTables.TASKS, k.account(), k)))
                    .toList();
            boolean there =
                service.progress().steady()
                    && service.rollouts().size() == 1
                    && primary != null
                    && primary.state() == Service.RolloutState.COMPLETED
                    && tasks.stream().filter(Task::wanted).count() == service.desiredCount()
                    && (wish.daemon || wish.desired == service.desiredCount());
            if (!there) {
              wrong.add(
                  wish.key.name()
                      + " wants "
                      + service.desiredCount()
                      + ", has "
                      + tasks.size()
                      + " with "
                      + service.rollouts()
                      + " "
                      + service.progress());
            }
          }
          return wrong;
        });
    for (SimHost host : world.hosts.values()) {
      int boxes = (int) host.boxes.values().stream().filter(SimHost.Box::lives).count();
      int tasks = world.ledger().on(host.key).size();
      if (boxes != tasks && host.removed == null) {
        wrong.add("host " + host.number + " runs " + boxes + " and is to run " + tasks);
      }
    }
    if (!wrong.isEmpty()) {
      throw new AssertionError("not converged: " + wrong.size() + ": " + String.join("\n", wrong));
    }
  }
}
