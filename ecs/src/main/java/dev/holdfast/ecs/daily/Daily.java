// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.daily;

import dev.holdfast.ecs.model.Cluster;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.EndedDeployment;
import dev.holdfast.ecs.model.Host;
import dev.holdfast.ecs.model.JoinedHost;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.model.TaskDefinition;
import dev.holdfast.ecs.port.EcsDependencies;
import dev.holdfast.ecs.state.Connections;
import dev.holdfast.ecs.state.Hosts;
import dev.holdfast.ecs.state.Services;
import dev.holdfast.ecs.state.Usage;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonNumber;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.store.Table;
import dev.holdfast.store.View;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What runs, what it uses, and what ran, in all accounts of the installation, page by page. */
public final class Daily {
  /** Rows of a page at most. */
  public static final int PAGE = 500;

  private final EcsDependencies deps;
  private final Connections connections;
  private final Usage usage;

  public Daily(EcsDependencies deps, Connections connections, Usage usage) {
    this.deps = deps;
    this.connections = connections;
    this.usage = usage;
  }

  /**
   * What is asked for.
   *
   * @param cluster its name; empty for all
   * @param service its name; empty for all
   * @param stopped whether stopped tasks are asked for too
   * @param since nothing that ended before; null for all that is remembered
   * @param after what the page before ended with; empty for the first
   */
  public record Query(
      String cluster,
      String service,
      boolean stopped,
      @Nullable Instant since,
      String after,
      int limit) {
    public Query {
      limit = Math.clamp(limit, 1, PAGE);
    }

    boolean in(String name) {
      return cluster.isEmpty() || cluster.equals(name);
    }

    boolean of(@Nullable String name) {
      return service.isEmpty() || service.equals(name);
    }
  }

  private record Row(String place, JsonObject shown) {}

  /** The first rows after a place in the order of places, a few at a time in memory. */
  private static final class Page {
    private final Query query;
    private final PriorityQueue<Row> rows =
        new PriorityQueue<>(Comparator.comparing(Row::place).reversed());
    private boolean more;

    Page(Query query) {
      this.query = query;
    }

    void offer(String place, java.util.function.Supplier<JsonObject> shown) {
      if (place.compareTo(query.after()) <= 0) {
        return;
      }
      if (rows.size() == query.limit()) {
        more = true;
        if (place.compareTo(Objects.requireNonNull(rows.peek()).place()) > 0) {
          return;
        }
        rows.poll();
      }
      rows.add(new Row(place, shown.get()));
    }

    JsonObject document(String name) {
      List<Row> sorted = rows.stream().sorted(Comparator.comparing(Row::place)).toList();
      JsonObject document =
          JsonObject.EMPTY.with(
              name, new JsonArray(sorted.stream().map(r -> (JsonValue) r.shown()).toList()));
      return more ? document.with("next", sorted.getLast().place()) : document;
    }
  }

  /** {@code {"tasks":[...],"next":"..."}}; where none is found, with a {@code hint}. */
  public JsonObject tasks(Query query) {
    return deps.state()
        .read(
            view -> {
              var page = new Page(query);
              Function<String, String> hosts = hosts(view);
              view.each(
                  EcsTables.TASKS,
                  task -> {
                    String service =
                        Services.named(task)
                            .map(dev.holdfast.ecs.model.Service.Key::name)
                            .orElse(null);
                    if ((task.live() || query.stopped())
                        && query.in(task.key().cluster())
                        && query.of(service)) {
                      page.offer(place(task), () -> TaskRow.of(task, hosts::apply));
                    }
                  });
              JsonObject document = page.document("tasks");
              return document.array("tasks").isEmpty() && query.after().isEmpty()
                  ? document.with("hint", hint(view, query))
                  : document;
            });
  }

  private static String place(Task task) {
    return String.join(
        "\t",
        task.key().cluster(),
        task.launch().group(),
        task.key().account().digits(),
        task.key().region().name(),
        task.key().id());
  }

  /** What to type where nothing is found. */
  private static String hint(View view, Query query) {
    List<Cluster> clusters =
        view.all(EcsTables.CLUSTERS).stream()
            .filter(c -> c.status() == Cluster.Status.ACTIVE)
            .toList();
    if (!query.cluster().isEmpty()
        && clusters.stream().noneMatch(c -> c.key().name().equals(query.cluster()))) {
      return "there is no cluster of that name; aws ecs list-clusters shows those that are";
    }
    if (clusters.isEmpty()) {
      return "no cluster is there yet; make one with: aws ecs create-cluster --cluster-name shop";
    }
    String cluster = clusters.getFirst().key().name();
    String wanted = query.cluster().isEmpty() ? cluster : query.cluster();
    TaskDefinition.Key[] known = new TaskDefinition.Key[1];
    view.each(
        EcsTables.TASK_DEFINITIONS,
        definition -> {
          if (definition.status() == TaskDefinition.Status.ACTIVE) {
            known[0] = definition.key();
          }
        });
    String definition = known[0] == null ? "FAMILY" : known[0].family();
    return "no task runs"
        + (query.service().isEmpty() ? "" : " of that service")
        + "; start one with: aws ecs run-task --cluster "
        + wanted
        + " --task-definition "
        + definition
        + (query.stopped() ? "" : "; what ran before: ./holdfast history");
  }

  /** {@code {"tasks":[{...,"containers":[{"name","cpu","memory","limit"}]}],"next"}}. */
  public JsonObject use(Query query) {
    Instant now = deps.clock().instant();
    Map<String, List<Usage.Sample>> samples = usage.fresh(now);
    return deps.state()
        .read(
            view -> {
              var page = new Page(query);
              Function<String, String> hosts = hosts(view);
              view.each(
                  EcsTables.TASKS,
                  task -> {
                    if (task.live() && query.in(task.key().cluster())) {
                      page.offer(
                          place(task),
                          () ->
                              TaskRow.of(task, hosts::apply).with("use", use(view, task, samples)));
                    }
                  });
              JsonObject document = page.document("tasks");
              return document.array("tasks").isEmpty() && query.after().isEmpty()
                  ? document.with("hint", hint(view, query))
                  : document;
            });
  }

  private JsonArray use(View view, Task task, Map<String, List<Usage.Sample>> samples) {
    Host host =
        task.place().host().equals(Host.LOCAL)
            ? Hosts.local(view, deps.host())
            : view.get(EcsTables.HOSTS, Table.PLATFORM, task.place().host());
    double cores = host == null ? 1 : Math.max(1, host.cpu() / 1024.0);
    TaskDefinition definition =
        view.get(EcsTables.TASK_DEFINITIONS, task.key().account(), task.launch().definition());
    var all = new ArrayList<JsonValue>();
    for (Usage.Sample sample : samples.getOrDefault(task.key().arn().toString(), List.of())) {
      JsonObject row =
          JsonObject.EMPTY
              .with("container", sample.container())
              .with("cpuPercent", JsonNumber.of(rounded(sample.cpu() * cores)))
              .with("memoryMiB", JsonNumber.of(rounded(sample.memory())))
              .with("at", sample.at().toString());
      Integer limit = definition == null ? null : limit(definition, sample.container());
      all.add(limit == null ? row : row.with("limitMiB", limit));
    }
    return new JsonArray(all);
  }

  private static @Nullable Integer limit(TaskDefinition definition, String container) {
    var spec = definition.spec().container(container);
    return spec == null ? null : spec.memory();
  }

  private static double rounded(double number) {
    return Math.round(number * 10) / 10.0;
  }

  /** Tasks and deployments that are over, the newest first. */
  public JsonObject history(Query query) {
    return deps.state()
        .read(
            view -> {
              var page = new Page(query);
              Function<String, String> hosts = hosts(view);
              view.each(
                  EcsTables.STOPPED_TASKS,
                  task -> {
                    if (query.in(task.task().cluster())
                        && query.of(TaskRow.service(task))
                        && in(query, task.key().stoppedAt())) {
                      page.offer(
                          String.join("\t", task.key().segments()),
                          () -> TaskRow.of(task, hosts::apply));
                    }
                  });
              view.each(
                  EcsTables.ENDED_DEPLOYMENTS,
                  deployment -> {
                    if (query.in(deployment.service().cluster())
                        && query.of(deployment.service().name())
                        && in(query, deployment.key().endedAt())) {
                      page.offer(
                          String.join("\t", deployment.key().segments()),
                          () -> deployment(deployment));
                    }
                  });
              JsonObject document = page.document("entries");
              return document.array("entries").isEmpty() && query.after().isEmpty()
                  ? document.with(
                      "hint", "nothing has ended in that time; what runs: ./holdfast ps")
                  : document;
            });
  }

  private static boolean in(Query query, Instant at) {
    return query.since() == null || !at.isBefore(query.since());
  }

  private static JsonObject deployment(EndedDeployment row) {
    String definition = row.definition();
    return JsonObject.EMPTY
        .with("kind", "deployment")
        .with("id", TaskRow.shortId(row.key().id()))
        .with("deployment", row.key().id())
        .with("account", row.service().account().digits())
        .with("region", row.service().region().name())
        .with("cluster", row.service().cluster())
        .with("name", row.service().name())
        .with("definition", definition == null ? "" : definition)
        .with("at", row.key().endedAt().toString())
        .with("createdAt", row.createdAt().toString())
        .with("status", row.status().name())
        .with("failedTasks", row.failures())
        .with("reason", row.reason() == null ? "" : row.reason());
  }

  /** Clusters, services, hosts, what is wrong and what to type. */
  public JsonObject standing(String agentTrouble) {
    Instant now = deps.clock().instant();
    return deps.state()
        .read(
            view ->
                new Standing(view, deps.host(), connections, hosts(view), now)
                    .document(agentTrouble));
  }

  /** The task whose id begins so, where there is one alone; a whole id or ARN is one too. */
  public List<String> named(String start) {
    return deps.state()
        .read(
            view -> {
              var found = new ArrayList<String>();
              view.each(
                  EcsTables.TASKS,
                  task -> {
                    if (task.key().id().startsWith(start)) {
                      found.add(task.key().arn().toString());
                    }
                  });
              return List.copyOf(found);
            });
  }

  private Function<String, String> hosts(View view) {
    return id -> {
      JoinedHost joined = view.get(EcsTables.JOINED_HOSTS, Table.PLATFORM, id);
      return id.equals(Host.LOCAL) ? deps.host().name() : joined == null ? id : joined.name();
    };
  }

  /** Since when something is looked back for: so long ago. */
  public Instant ago(Duration time) {
    return deps.clock().instant().minus(time);
  }
}
