// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.plan;

import dev.holdfast.ecs.plan.Member.Condition;
import dev.holdfast.ecs.plan.Member.Place;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Decides what a service's scheduler does next: which tasks stop, how many start. Pure. By its own
 * stops there are never fewer healthy tasks than the minimum, and by its starts never more tasks
 * than the maximum.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html">Rolling
 *     update</a>
 */
public final class DeploymentPlan {

  /**
   * The numbers that bound a deployment.
   *
   * @param desired how many tasks are wanted
   */
  public record Bounds(int desired, int minimumHealthyPercent, int maximumPercent) {
    /** The fewest healthy tasks: the percentage rounded up. */
    public int lower() {
      return Math.ceilDiv(Math.multiplyExact(desired, minimumHealthyPercent), 100);
    }

    /** The most tasks: the percentage rounded down. */
    public int upper() {
      return Math.floorDiv(Math.multiplyExact(desired, maximumPercent), 100);
    }
  }

  /**
   * What is known.
   *
   * @param primary the revision that is wanted, or null where none is
   * @param starting whether tasks of it may be started at all: not where its deployment has failed
   * @param now whether they may be started now, and not only after a while
   * @param blocked whether no host took the last one
   * @param members the tasks that live
   */
  public record Facts(
      Bounds bounds,
      @Nullable String primary,
      boolean starting,
      boolean now,
      boolean blocked,
      List<Member> members) {}

  /** Why a task is stopped. */
  public enum Why {
    SCALING,
    HEALTH
  }

  /** One thing to do. */
  public sealed interface Step {
    /** Stop a task. */
    record Stop(String task, Why why) implements Step {}

    /**
     * Start tasks of the primary revision.
     *
     * @param instance the ARN of the only instance that may take them, or null for any
     */
    record Start(int count, @Nullable String instance) implements Step {}
  }

  /**
   * What to do.
   *
   * @param stuck whether the bounds allow neither a stop nor a start, and never will
   */
  public record Decision(List<Step> steps, boolean stuck) {}

  /** The steadiest last: those that are stopped first come first. */
  static final Comparator<Member> STOP_ORDER =
      Comparator.comparing((Member m) -> m.condition())
          .thenComparing(Comparator.comparing(Member::createdAt).reversed())
          .thenComparing(Member::task);

  private final Facts facts;
  private final int desired;
  private final List<Step> steps = new ArrayList<>();
  private final List<Member> mine = new ArrayList<>();
  private final List<Member> others = new ArrayList<>();

  /** Healthy tasks that are left. */
  private int proven;

  private DeploymentPlan(Facts facts) {
    this.facts = facts;
    this.desired = facts.bounds().desired();
    for (Member member : facts.members()) {
      if (member.wanted()) {
        boolean mines = member.stays() && member.revision().equals(facts.primary());
        (mines ? mine : others).add(member);
        proven += member.proven() ? 1 : 0;
      }
    }
    mine.sort(STOP_ORDER);
    others.sort(STOP_ORDER);
  }

  /** What a service of replicas needs next. */
  public static Decision replicas(Facts facts) {
    return new DeploymentPlan(facts).decide();
  }

  /** What a service that is to end needs next. */
  public static Decision end(List<Member> members) {
    return new Decision(
        members.stream()
            .filter(Member::wanted)
            .<Step>map(m -> new Step.Stop(m.task(), Why.SCALING))
            .toList(),
        false);
  }

  private Decision decide() {
    List<Member> good = mine.stream().filter(m -> m.condition() != Condition.UNHEALTHY).toList();
    int needed = Math.max(0, desired - good.size());
    int counted = (int) wanted().filter(m -> m.place() != Place.LOST).count();
    int room = facts.bounds().upper() - counted;
    int healthy = (int) good.stream().filter(Member::proven).count();
    scaleIn(good, good.size() - desired, healthy);
    if (facts.starting()) {
      replaceUnhealthy(good, healthy, needed, room);
      replaceOthers(Math.min(healthy, desired), needed, room);
    }
    int starts = facts.starting() && facts.now() ? Math.min(needed, Math.max(0, room)) : 0;
    if (starts > 0) {
      steps.add(new Step.Start(starts, null));
    }
    return new Decision(List.copyOf(steps), stuck(needed, room, good.size() - healthy));
  }

  /**
   * Stops what is too many. Nobody knows whether tasks of a silent host run: they are the first to
   * go, but only once as many as are wanted are seen elsewhere, and none goes for their sake.
   */
  private void scaleIn(List<Member> good, int count, int healthy) {
    List<Member> heard = good.stream().filter(Member::heard).toList();
    int before = steps.size();
    if (healthy >= desired) {
      stopSome(good.stream().filter(m -> !m.heard()).toList(), count);
    }
    int left = count - (steps.size() - before);
    stopSome(heard, Math.min(left, heard.size() - desired));
  }

  private Stream<Member> wanted() {
    return Stream.concat(mine.stream(), others.stream());
  }

  /** Stops so many tasks, as far as they are not guarded and the minimum stays. */
  private void stopSome(List<Member> from, int count) {
    int left = count;
    for (Member member : from) {
      if (left > 0 && !member.guarded() && spared(member)) {
        steps.add(new Step.Stop(member.task(), Why.SCALING));
        left--;
      }
    }
  }

  /** Whether enough healthy tasks are left without this one. */
  private boolean spared(Member member) {
    if (!member.proven()) {
      return true;
    }
    if (proven <= facts.bounds().lower()) {
      return false;
    }
    proven--;
    return true;
  }

  /** The replacement comes first where there is room for it. */
  private void replaceUnhealthy(List<Member> good, int healthy, int needed, int room) {
    List<Member> unhealthy =
        mine.stream().filter(m -> m.condition() == Condition.UNHEALTHY).toList();
    if (healthy >= desired) {
      unhealthy.forEach(m -> steps.add(new Step.Stop(m.task(), Why.HEALTH)));
    } else if (!unhealthy.isEmpty()
        && needed > 0
        && room <= 0
        && facts.now()
        && good.size() == healthy) {
      steps.add(new Step.Stop(unhealthy.getFirst().task(), Why.HEALTH));
    }
  }

  /** Tasks of other revisions, and those on hosts that are to lose them. */
  private void replaceOthers(int healthy, int needed, int room) {
    for (Member other : others) {
      if (!other.guarded() && (other.heard() ? !other.up() : healthy >= desired)) {
        steps.add(
            new Step.Stop(
                other.task(), other.condition() == Condition.UNHEALTHY ? Why.HEALTH : Why.SCALING));
      }
    }
    List<Member> up = others.stream().filter(m -> m.up() && m.heard()).toList();
    int all = healthy + up.size();
    int spare = all - desired;
    if (needed > 0 && (room <= 0 || facts.blocked())) {
      spare = Math.max(spare, Math.min(all - facts.bounds().lower(), needed));
    }
    stopSome(up, spare);
  }

  private boolean stuck(int needed, int room, int unproven) {
    return facts.starting()
        && facts.now()
        && steps.isEmpty()
        && needed > 0
        && room <= 0
        && unproven == 0
        && wanted().noneMatch(m -> m.guarded() || m.condition() == Condition.YOUNG)
        && facts.members().stream().allMatch(Member::wanted);
  }
}
