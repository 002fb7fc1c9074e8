// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.plan;

import dev.holdfast.ecs.plan.DeploymentPlan.Bounds;
import dev.holdfast.ecs.plan.DeploymentPlan.Decision;
import dev.holdfast.ecs.plan.DeploymentPlan.Step;
import dev.holdfast.ecs.plan.DeploymentPlan.Why;
import dev.holdfast.ecs.plan.Member.Condition;
import dev.holdfast.ecs.plan.Member.Place;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Decides what the scheduler of a daemon does next: exactly one task on every instance that takes
 * them, and none elsewhere. Pure.
 */
public final class DaemonPlan {

  /**
   * An instance that the daemon is to run on.
   *
   * @param connected whether a task can be started there now
   */
  public record Site(String instance, boolean connected) {}

  private final DeploymentPlan.Facts facts;
  private final List<Step> steps = new ArrayList<>();
  private final Map<String, Member> mine = new HashMap<>();
  private final List<Member> old = new ArrayList<>();

  private DaemonPlan(DeploymentPlan.Facts facts) {
    this.facts = facts;
  }

  /** How many tasks a daemon wants. */
  public static Bounds bounds(List<Site> sites, int minimumHealthyPercent, int maximumPercent) {
    return new Bounds(sites.size(), minimumHealthyPercent, maximumPercent);
  }

  /**
   * What a daemon needs next.
   *
   * @param sites every instance that it is to run on
   */
  public static Decision decide(DeploymentPlan.Facts facts, List<Site> sites) {
    return new DaemonPlan(facts).decide(sites);
  }

  private Decision decide(List<Site> sites) {
    Set<String> wanted = sites.stream().map(Site::instance).collect(Collectors.toSet());
    sort(wanted);
    if (facts.starting()) {
      int healthy = (int) mine.values().stream().filter(Member::proven).count();
      int counted = mine.size() + old.size();
      int room = facts.bounds().upper() - counted;
      replaceOld(healthy, room);
      start(sites);
    }
    return new Decision(List.copyOf(steps), false);
  }

  /** Keeps the steadiest task of each instance, and stops what is nowhere to be. */
  private void sort(Set<String> wanted) {
    for (Member member :
        facts.members().stream()
            .filter(Member::wanted)
            .sorted(DeploymentPlan.STOP_ORDER.reversed())
            .toList()) {
      boolean here = wanted.contains(member.instance()) && member.place() != Place.DRAINS;
      if (!here) {
        steps.add(new Step.Stop(member.task(), Why.SCALING));
      } else if (!member.revision().equals(facts.primary())) {
        old.add(member);
      } else if (member.condition() == Condition.UNHEALTHY) {
        steps.add(new Step.Stop(member.task(), Why.HEALTH));
      } else if (mine.putIfAbsent(member.instance(), member) != null) {
        steps.add(new Step.Stop(member.task(), Why.SCALING));
      }
    }
    old.sort(DeploymentPlan.STOP_ORDER);
  }

  private void replaceOld(int healthy, int room) {
    int all = healthy + (int) old.stream().filter(Member::up).count();
    int proven = healthy + (int) old.stream().filter(Member::proven).count();
    int least = facts.bounds().lower();
    int spare = room <= 0 ? Math.max(0, all - least) : 0;
    var left = new ArrayList<Member>();
    for (Member member : old) {
      Member next = mine.get(member.instance());
      boolean replaced = next != null && next.proven();
      boolean may = !member.up() || replaced;
      boolean enough = !member.proven() || proven > least;
      if (!may && next == null && !member.guarded() && spare > 0 && enough && facts.now()) {
        spare--;
        proven -= member.proven() ? 1 : 0;
        may = true;
      }
      if (may && !member.guarded()) {
        steps.add(new Step.Stop(member.task(), Why.SCALING));
      } else {
        left.add(member);
      }
    }
    old.retainAll(left);
  }

  /**
   * Where nothing runs comes first; beside an old task a new one starts only where there is room.
   */
  private void start(List<Site> sites) {
    int room = facts.bounds().upper() - mine.size() - old.size();
    Set<String> taken = old.stream().map(Member::instance).collect(Collectors.toSet());
    for (boolean alone : new boolean[] {true, false}) {
      for (Site site : sites) {
        boolean first = !taken.contains(site.instance());
        boolean wanted = first == alone && !mine.containsKey(site.instance());
        if (wanted && site.connected() && facts.now() && room > 0) {
          steps.add(new Step.Start(1, site.instance()));
          room--;
        }
      }
    }
  }
}
