// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs;

import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.Service;
import dev.holdfast.ecs.model.ServiceRevision;
import dev.holdfast.ecs.state.Services;
import dev.holdfast.service.Finding;
import dev.holdfast.store.Table;
import dev.holdfast.store.View;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What must hold of services: each has its cluster, the deployment that it is in and the revisions
 * that it runs or may go back to, and whatever is kept of a service has one.
 */
final class ServiceCheck {
  private ServiceCheck() {}

  static List<Table<?, ?>> tables() {
    return List.of(
        EcsTables.SERVICES,
        EcsTables.SERVICE_REVISIONS,
        EcsTables.SERVICE_DEPLOYMENTS,
        EcsTables.SERVICE_TASKS,
        EcsTables.SERVICE_EVENTS);
  }

  static void run(View view, Consumer<Finding> found) {
    Set<Service.Key> known = new HashSet<>();
    view.eachRow(
        EcsTables.SERVICES,
        (_, _, service) -> {
          known.add(service.key());
          service(view, service, found);
        });
    view.eachRow(
        EcsTables.SERVICE_REVISIONS,
        (_, _, row) -> of(known, row.key().service(), "the revision " + row.key().id(), found));
    view.eachRow(
        EcsTables.SERVICE_DEPLOYMENTS,
        (_, _, row) -> of(known, row.key().service(), "the deployment " + row.key().id(), found));
    view.eachRow(
        EcsTables.SERVICE_EVENTS,
        (_, _, row) -> of(known, row.key().service(), "the event " + row.key().number(), found));
    view.eachRow(
        EcsTables.SERVICE_TASKS,
        (_, _, row) -> of(known, row.key().service(), "the task " + row.key().task(), found));
  }

  private static void service(View view, Service service, Consumer<Finding> found) {
    String place = service.key().arn().toString();
    if (Services.deployment(view, service) == null) {
      found.accept(Finding.lost(place, "is in a deployment that is not there"));
    }
    if (service.status() == Service.Status.INACTIVE) {
      return;
    }
    if (view.get(EcsTables.CLUSTERS, service.key().account(), service.key().clusterKey()) == null) {
      found.accept(Finding.lost(place, "is of a cluster that is not there"));
    }
    if (service.primary() == null) {
      found.accept(Finding.lost(place, "has no deployment that is wanted"));
    }
    var needed = new ArrayList<>(service.rollouts().stream().map(Service.Rollout::id).toList());
    String good = service.progress().lastGood();
    if (good != null) {
      needed.add(good);
    }
    for (String id : new HashSet<>(needed)) {
      ServiceRevision revision = Services.revision(view, service.key(), id);
      if (revision == null) {
        found.accept(Finding.lost(place, "needs a revision that is not there: " + id));
      } else if (view.get(
              EcsTables.TASK_DEFINITIONS, service.key().account(), revision.definition())
          == null) {
        found.accept(
            Finding.lost(
                place, "runs a task definition that is not there: " + revision.definition().arn()));
      }
    }
  }

  private static void of(
      Set<Service.Key> known, Service.Key service, String what, Consumer<Finding> found) {
    if (!known.contains(service)) {
      found.accept(Finding.lost(service.arn().toString(), "is not there, and is named by " + what));
    }
  }
}
