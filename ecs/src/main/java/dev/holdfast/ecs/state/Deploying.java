// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.state;

import dev.holdfast.aws.ecs.EcsError;
import dev.holdfast.ecs.model.CapacityProvider;
import dev.holdfast.ecs.model.Cluster;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.Service;
import dev.holdfast.ecs.model.Service.Rollout;
import dev.holdfast.ecs.model.ServiceDeployment;
import dev.holdfast.ecs.model.ServiceRevision;
import dev.holdfast.ecs.model.ServiceTask;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.model.TaskDefinition;
import dev.holdfast.ecs.plan.ServiceTransitions;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.RecordCodec;
import dev.holdfast.service.Tags;
import dev.holdfast.store.Tx;
import dev.holdfast.store.View;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Makes revisions of services, and begins the deployments that bring them about. */
public final class Deploying {
  /** How many deployments and revisions of a service are remembered. */
  static final int REMEMBERED = 100;

  /** The tag of a service that says what becomes of it when a secret of its changes. */
  public static final String ROLLS = "holdfast:secrets";

  private static final String LETTERS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

  private final Launcher launcher;

  public Deploying(Launcher launcher) {
    this.launcher = launcher;
  }

  /** Ids drawn before the transaction, which may run more than once. */
  public record Drawn(String revision, String deployment) {
    public static Drawn of(SecureRandom random) {
      var id = new StringBuilder();
      for (int i = 0; i < 21; i++) {
        id.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
      }
      long revision = random.nextLong(1_000_000_000_000_000_000L, Long.MAX_VALUE);
      return new Drawn(Long.toString(revision), id.toString());
    }
  }

  /**
   * What a service is to run: images and environment are settled here, for all tasks of the
   * revision. Refuses what could not be started.
   */
  public ServiceRevision revise(
      Tx tx,
      Starter starter,
      Service service,
      TaskDefinition definition,
      JsonObject how,
      Drawn ids) {
    Task.Environment environment =
        Launching.environment(
            tx,
            starter,
            new Launching.Given(
                Tags.of(tx, service.key().account(), service.key().arn()), "service"),
            definition.key(),
            service.key().clusterKey().arn());
    var revision =
        new ServiceRevision(
            new ServiceRevision.Key(service.key(), ids.revision()),
            definition.key(),
            launcher.images(tx, starter, definition).stream()
                .map(c -> new ServiceRevision.Image(c.container(), c.image(), c.pull(), c.digest()))
                .toList(),
            environment,
            capacity(tx, service, how),
            List.of(),
            starter.now());
    var _ = shares(tx, service, revision, definition, Map.of(), 1);
    Launcher.Order order = launcher.prepare(tx, starter, wanted(tx, service, revision, definition));
    return rolls(tx, service) ? settled(revision, order.secrets()) : revision;
  }

  /** The same revision again, with the versions that its secrets have now. */
  public ServiceRevision again(
      Tx tx, Starter starter, Service service, ServiceRevision before, Drawn ids) {
    var revision =
        new ServiceRevision(
            new ServiceRevision.Key(service.key(), ids.revision()),
            before.definition(),
            before.images(),
            before.environment(),
            before.how(),
            List.of(),
            starter.now());
    Launcher.Order order =
        launcher.prepare(tx, starter, wanted(tx, service, revision, definition(tx, revision)));
    return settled(revision, order.secrets());
  }

  /** A service that names neither launch type nor strategy keeps its cluster's strategy of now. */
  private static JsonObject capacity(View view, Service service, JsonObject how) {
    Cluster cluster =
        view.get(EcsTables.CLUSTERS, service.key().account(), service.key().clusterKey());
    if (cluster == null
        || cluster.defaultStrategy().isEmpty()
        || how.string("launchType") != null
        || !how.array("capacityProviderStrategy").isEmpty()) {
      return how;
    }
    return how.with(
        "capacityProviderStrategy",
        new JsonArray(
            cluster.defaultStrategy().stream()
                .map(RecordCodec.of(Cluster.StrategyItem.class)::tree)
                .toList()));
  }

  private static ServiceRevision settled(
      ServiceRevision revision, List<Task.ResolvedSecret> secrets) {
    return new ServiceRevision(
        revision.key(),
        revision.definition(),
        revision.images(),
        revision.environment(),
        revision.how(),
        secrets,
        revision.createdAt());
  }

  /** Whether a service asks to be rolled when a secret of its changes. */
  public static boolean rolls(View view, Service service) {
    return "roll".equals(Tags.of(view, service.key().account(), service.key().arn()).get(ROLLS));
  }

  /** What a task of a revision is made of. */
  public static Launcher.Wanted wanted(
      View view, Service service, ServiceRevision revision, TaskDefinition definition) {
    var spec = definition.spec();
    return new Launcher.Wanted(
        service.key().clusterKey(),
        spec,
        revision.images().stream()
            .map(i -> new ImageRules.Chosen(i.container(), i.image(), i.pull(), i.digest()))
            .toList(),
        revision.environment(),
        new Task.Launch(
            definition.key(),
            service.key().group(),
            Service.PREFIX + revision.key().id(),
            launchType(revision),
            JsonObject.EMPTY,
            spec.cpu(),
            spec.memory(),
            revision.how().isTrue("enableExecuteCommand")),
        tags(view, service, definition),
        LaunchRules.of(revision.how()).rules());
  }

  /**
   * On what capacity so many tasks of a revision run.
   *
   * @param before how many tasks of each capacity provider the service has
   */
  public static List<Capacity.Share> shares(
      View view,
      Service service,
      ServiceRevision revision,
      TaskDefinition definition,
      Map<String, Integer> before,
      int count) {
    Cluster cluster =
        view.get(EcsTables.CLUSTERS, service.key().account(), service.key().clusterKey());
    if (cluster == null) {
      throw EcsError.CLUSTER_NOT_FOUND.because("Cluster not found.");
    }
    return Capacity.divide(
        cluster, definition.spec(), LaunchRules.of(revision.how()).asked(), before, count);
  }

  /** The launch type of a revision's tasks. */
  public static String launchType(ServiceRevision revision) {
    return launchType(revision.how());
  }

  /** The launch type of tasks that are launched so; that of the providers of a strategy is one. */
  public static String launchType(JsonObject how) {
    String given = how.string("launchType");
    boolean builtIn =
        LaunchRules.of(how).asked().strategy().stream()
            .anyMatch(i -> CapacityProvider.BUILT_IN.contains(i.capacityProvider()));
    return given != null ? given : builtIn ? "FARGATE" : "EC2";
  }

  private static Map<String, String> tags(View view, Service service, TaskDefinition definition) {
    var tags = new LinkedHashMap<String, String>();
    String propagate = service.settings().propagateTags();
    if ("TASK_DEFINITION".equals(propagate)) {
      tags.putAll(Tags.of(view, service.key().account(), definition.key().arn()));
    } else if ("SERVICE".equals(propagate)) {
      tags.putAll(Tags.of(view, service.key().account(), service.key().arn()));
    }
    if (service.settings().managedTags()) {
      tags.put("aws:ecs:clusterName", service.key().cluster());
      tags.put("aws:ecs:serviceName", service.key().name());
    }
    return tags;
  }

  /** Begins the deployment of a revision; the one that went on ends. */
  public static Service begin(
      Tx tx, Service service, ServiceRevision revision, Drawn ids, boolean first) {
    var now = revision.createdAt();
    Map<String, Integer> kept = new LinkedHashMap<>();
    for (ServiceTask row : Services.of(tx, EcsTables.SERVICE_TASKS, service.key())) {
      kept.merge(row.revision(), 1, Integer::sum);
    }
    ServiceDeployment before = first ? null : Services.deployment(tx, service);
    if (before != null && before.open()) {
      put(
          tx,
          before.finished(
              ServiceDeployment.Status.STOPPED, "Another deployment took its place.", now));
    }
    int threshold =
        service.settings().breaker() ? ServiceTransitions.threshold(service.desiredCount()) : 0;
    put(
        tx,
        ServiceDeployment.begun(
            new ServiceDeployment.Key(service.key(), ids.deployment()),
            revision.key().id(),
            kept.entrySet().stream()
                .map(e -> new ServiceDeployment.Source(e.getKey(), e.getValue()))
                .toList(),
            threshold,
            now));
    tx.put(EcsTables.SERVICE_REVISIONS, service.key().account(), revision.key(), revision);
    Service next =
        service
            .with(service.rollouts().stream().filter(r -> kept.containsKey(r.id())).toList())
            .led(Rollout.begun(revision.key().id(), now), now)
            .with(
                first
                    ? Service.Progress.begun(ids.deployment())
                    : service.progress().deploying(ids.deployment()));
    prune(tx, next);
    return next;
  }

  public static void put(Tx tx, ServiceDeployment row) {
    tx.put(EcsTables.SERVICE_DEPLOYMENTS, row.key().service().account(), row.key(), row);
    if (!row.open()) {
      Past.ended(tx, row);
    }
  }

  private static void prune(Tx tx, Service service) {
    var deployments =
        new ArrayList<>(Services.of(tx, EcsTables.SERVICE_DEPLOYMENTS, service.key()));
    deployments.sort(Comparator.comparing(d -> d.times().createdAt()));
    while (deployments.size() > REMEMBERED) {
      tx.delete(
          EcsTables.SERVICE_DEPLOYMENTS, service.key().account(), deployments.removeFirst().key());
    }
    var needed = new HashSet<String>();
    service.rollouts().forEach(r -> needed.add(r.id()));
    String good = service.progress().lastGood();
    if (good != null) {
      needed.add(good);
    }
    deployments.forEach(
        d -> {
          needed.add(d.target());
          d.sources().forEach(s -> needed.add(s.revision()));
        });
    List<ServiceRevision> rest =
        Services.of(tx, EcsTables.SERVICE_REVISIONS, service.key()).stream()
            .filter(r -> !needed.contains(r.key().id()))
            .collect(Collectors.toList());
    rest.forEach(r -> tx.delete(EcsTables.SERVICE_REVISIONS, service.key().account(), r.key()));
  }

  /** The definition of a revision; it may be inactive by now. */
  public static TaskDefinition definition(View view, ServiceRevision revision) {
    TaskDefinition row =
        view.get(
            EcsTables.TASK_DEFINITIONS, revision.key().service().account(), revision.definition());
    if (row == null) {
      throw EcsError.CLIENT.because("TaskDefinition not found.");
    }
    return row;
  }
}
