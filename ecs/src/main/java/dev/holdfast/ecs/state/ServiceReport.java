// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.state;

import dev.holdfast.ecs.model.Service;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How services stand, for people.
 *
 * @param active how many are not over
 * @param notes a line for each that is not as it is wanted
 */
public record ServiceReport(int active, List<String> notes) {
  public static final ServiceReport NONE = new ServiceReport(0, List.of());

  /** So many lines tell enough. */
  private static final int MOST = 20;

  public ServiceReport and(Service service, Collection<Services.Count> counts) {
    if (service.status() == Service.Status.INACTIVE) {
      return this;
    }
    int running = counts.stream().mapToInt(Services.Count::running).sum();
    String note = note(service, running);
    if (note == null || notes.size() >= MOST) {
      return new ServiceReport(active + 1, notes);
    }
    var more = new ArrayList<>(notes);
    more.add(service.key().cluster() + "/" + service.key().name() + ": " + note);
    return new ServiceReport(active + 1, List.copyOf(more));
  }

  private static @Nullable String note(Service service, int running) {
    Service.Rollout primary = service.primary();
    if (service.status() == Service.Status.DRAINING || primary == null) {
      return "draining, " + running + " running";
    }
    String count = running + " of " + service.desiredCount() + " running";
    Service.Progress progress = service.progress();
    String trouble = progress.trouble() == null ? "" : "; " + progress.trouble();
    String failed =
        primary.failedTasks() == 0 ? "" : ", " + primary.failedTasks() + " tasks failed";
    return switch (primary.state()) {
      case FAILED ->
          count
              + "; deployment "
              + primary.deployment()
              + " failed"
              + failed
              + ": update the service";
      case IN_PROGRESS ->
          count + "; deployment " + primary.deployment() + " in progress" + failed + trouble;
      case COMPLETED ->
          progress.steady() && running == service.desiredCount() ? null : count + failed + trouble;
    };
  }
}
