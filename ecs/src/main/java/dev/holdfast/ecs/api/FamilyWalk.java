// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.TaskDefinition;
import dev.holdfast.kit.Ids;
import dev.holdfast.service.Call;
import dev.holdfast.store.View;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A walk over the families of a region and, newest first, over the revisions of each, until it is
 * known whether a family is listed: mostly the newest one tells. A family without an active
 * revision is listed as inactive only once all of its revisions were looked at, so a page may end
 * within one, and the next page goes on there.
 *
 * @param status what is listed: families with an active revision, those without one, or both
 */
record FamilyWalk(View view, Call call, String prefix, String status) {
  private static final char SEPARATOR = '\0';

  /** What is read of a family whose newest revision does not tell. */
  private static final int MORE = 100;

  /**
   * A look at one revision.
   *
   * @param revision 0 where all of the family's were looked at
   * @param inactive whether one of those looked at so far is inactive, and not being deleted
   * @param decided whether nothing more has to be looked at of the family
   */
  record Step(String family, int revision, boolean inactive, boolean decided, boolean listed) {
    String place() {
      return family + SEPARATOR + Ids.padded(revision, 9) + (decided ? 'd' : inactive ? 'i' : '-');
    }

    private static Step of(String place) {
      int end = place.indexOf(SEPARATOR);
      char kind = place.charAt(place.length() - 1);
      return new Step(
          place.substring(0, end),
          Integer.parseInt(place.substring(end + 1, place.length() - 1)),
          kind == 'i',
          kind == 'd',
          false);
    }
  }

  /** The steps after one, or the first ones; fewer than {@code limit} only at the end. */
  List<Step> after(@Nullable String place, int limit) {
    var steps = new ArrayList<Step>();
    String family = null;
    if (place != null) {
      Step last = Step.of(place);
      family = last.family();
      if (!last.decided()) {
        walk(last, limit, steps);
      }
    }
    boolean more = true;
    while (more && steps.size() < limit) {
      int wanted = limit - steps.size();
      List<EcsTables.Family> next = families(family, wanted);
      more = next.size() == wanted;
      for (EcsTables.Family one : next) {
        if (steps.size() == limit) {
          break;
        }
        family = one.name();
        walk(new Step(family, Integer.MAX_VALUE, false, false, false), limit, steps);
      }
    }
    return steps;
  }

  /** Goes on in a family until it is decided or there are enough steps. */
  private void walk(Step from, int limit, List<Step> steps) {
    Step at = from;
    int chunk = 1;
    while (!at.decided() && steps.size() < limit) {
      int wanted = Math.min(chunk, limit - steps.size());
      List<TaskDefinition> read = before(at, wanted);
      for (TaskDefinition one : read) {
        at = look(at, one);
        steps.add(at);
        if (at.decided()) {
          return;
        }
      }
      if (read.size() < wanted && steps.size() < limit) {
        boolean listed = status.equals("INACTIVE") && at.inactive();
        at = new Step(at.family(), 0, at.inactive(), true, listed);
        steps.add(at);
      }
      chunk = MORE;
    }
  }

  private Step look(Step before, TaskDefinition one) {
    boolean active = one.status() == TaskDefinition.Status.ACTIVE;
    boolean any = !status.equals("ACTIVE") && !status.equals("INACTIVE");
    return new Step(
        before.family(),
        one.key().revision(),
        before.inactive() || one.status() == TaskDefinition.Status.INACTIVE,
        active || any,
        any || (active && status.equals("ACTIVE")));
  }

  private List<TaskDefinition> before(Step at, int limit) {
    return view.listBackwards(
        EcsTables.TASK_DEFINITIONS,
        call.account(),
        List.of(call.region().name(), at.family()),
        at.revision() == Integer.MAX_VALUE
            ? null
            : new TaskDefinition.Key(call.account(), call.region(), at.family(), at.revision()),
        limit);
  }

  /** Families whose names begin with the prefix lie together, behind the one that is named so. */
  private List<EcsTables.Family> families(@Nullable String after, int limit) {
    String region = call.region().name();
    var found = new ArrayList<EcsTables.Family>();
    String from = after;
    if (after == null && !prefix.isEmpty()) {
      EcsTables.Family same =
          view.get(EcsTables.FAMILIES, call.account(), new EcsTables.FamilyKey(region, prefix));
      if (same != null) {
        found.add(same);
      }
      from = prefix;
    }
    if (found.size() < limit) {
      found.addAll(
          view.list(
              EcsTables.FAMILIES,
              call.account(),
              List.of(region),
              from == null ? null : new EcsTables.FamilyKey(region, from),
              limit - found.size()));
    }
    return found.stream().takeWhile(family -> family.name().startsWith(prefix)).toList();
  }
}
