// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecs.EcsError;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.ecs.ListTasksRequest;
import dev.holdfast.aws.ecs.ListTasksResponse;
import dev.holdfast.ecs.model.Cluster;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.state.Services;
import dev.holdfast.kit.Arn;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;
import dev.holdfast.service.PageTokens;
import dev.holdfast.service.State;
import dev.holdfast.store.View;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lists the ARNs of a cluster's tasks; without a filter those that are wanted running. */
public final class ListTasks implements Operation<ListTasksRequest, ListTasksResponse> {
  private final State state;
  private final Pages pages;

  public ListTasks(State state, PageTokens tokens) {
    this.state = state;
    this.pages = new Pages(tokens);
  }

  @Override
  public OperationModel<ListTasksRequest, ListTasksResponse> model() {
    return EcsModel.LIST_TASKS;
  }

  @Override
  public Access access(Call call, ListTasksRequest in) {
    Cluster.Key cluster = Names.cluster(call, in.cluster());
    Arn resource =
        in.containerInstance() == null
            ? Arn.of(
                "ecs",
                cluster.region(),
                cluster.account(),
                "container-instance/" + cluster.name() + "/*")
            : Names.instance(cluster, in.containerInstance()).arn();
    return Access.of(
        Demand.on("ecs:ListTasks", resource).key("ecs:cluster", cluster.arn().toString()));
  }

  @Override
  public ListTasksResponse handle(Call call, ListTasksRequest in) {
    Cluster.Key cluster = Names.cluster(call, in.cluster());
    if (in.daemonName() != null) {
      throw EcsError.INVALID_PARAMETER.because("`daemonName` is not served: daemons come later");
    }
    var wanted = new Pages.Wanted("ListTasks", filter(in), in.maxResults(), in.nextToken());
    PageTokens.Page<Task> page =
        state.read(
            view -> {
              Names.active(view, cluster);
              service(view, cluster, in);
              return pages.page(
                  call,
                  wanted,
                  (after, limit) -> tasks(view, cluster, after, limit),
                  task -> task.key().id(),
                  task -> matches(task, cluster, in));
            });
    return ListTasksResponse.builder()
        .taskArns(page.items().stream().map(task -> task.key().arn().toString()).toList())
        .nextToken(page.next())
        .build();
  }

  private static List<Task> tasks(
      View view, Cluster.Key cluster, @Nullable String after, int limit) {
    return view.list(
        EcsTables.TASKS,
        cluster.account(),
        List.of(cluster.region().name(), cluster.name()),
        after == null
            ? null
            : new Task.Key(cluster.account(), cluster.region(), cluster.name(), after),
        limit);
  }

  private static void service(View view, Cluster.Key cluster, ListTasksRequest in) {
    if (in.serviceName() != null
        && Services.find(view, Names.service(cluster, in.serviceName())) == null) {
      throw EcsError.SERVICE_NOT_FOUND.because("Service not found.");
    }
  }

  private static boolean of(Cluster.Key cluster, String service, Task task) {
    return Services.named(task)
        .filter(key -> key.equals(Names.service(cluster, service)))
        .isPresent();
  }

  private static boolean matches(Task task, Cluster.Key cluster, ListTasksRequest in) {
    String desired = in.desiredStatus() == null ? "RUNNING" : in.desiredStatus();
    return task.status().desiredStatus().name().equals(desired)
        && (in.family() == null || in.family().equals(task.launch().definition().family()))
        && (in.serviceName() == null || of(cluster, in.serviceName(), task))
        && (in.startedBy() == null || in.startedBy().equals(task.launch().startedBy()))
        && (in.launchType() == null || in.launchType().equals(task.launch().launchType()))
        && (in.containerInstance() == null
            || Names.instance(cluster, in.containerInstance())
                .id()
                .equals(task.place().instance()));
  }

  private static String filter(ListTasksRequest in) {
    return ListTasksRequest.SCHEMA.name()
        + String.join(
            " ",
            String.valueOf(in.cluster()),
            String.valueOf(in.containerInstance()),
            String.valueOf(in.family()),
            String.valueOf(in.startedBy()),
            String.valueOf(in.serviceName()),
            String.valueOf(in.desiredStatus()),
            String.valueOf(in.launchType()));
  }
}
