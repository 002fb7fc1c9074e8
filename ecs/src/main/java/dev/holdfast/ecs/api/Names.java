// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.ecs.EcsError;
import dev.holdfast.ecs.model.Cluster;
import dev.holdfast.ecs.model.ContainerInstance;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.Service;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.model.TaskDefinition;
import dev.holdfast.ecs.state.Launching;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.Region;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.store.View;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the names and ARNs of requests mean. */
final class Names {
  private static final String FAMILY = "[a-zA-Z0-9_-]{1,255}";

  /** Characters of a name or an id, and of an ARN: what is demanded of IAM repeats them. */
  private static final int LONGEST_NAME = 255;

  private static final int LONGEST_ARN = 2048;

  private Names() {}

  /** The cluster that a name, an ARN or nothing means; nothing means {@code default}. */
  static Cluster.Key cluster(Call call, @Nullable String text) {
    if (text == null || text.isEmpty()) {
      return new Cluster.Key(call.account(), call.region(), "default");
    }
    if (!text.startsWith("arn:")) {
      return new Cluster.Key(call.account(), call.region(), name(text));
    }
    Parts parts = parts(text, "cluster", call.region());
    return new Cluster.Key(parts.account(), parts.region(), parts.rest());
  }

  /** The cluster's row. */
  static Cluster active(View view, Cluster.Key key) {
    Cluster cluster = view.get(EcsTables.CLUSTERS, key.account(), key);
    if (cluster == null || cluster.status() != Cluster.Status.ACTIVE) {
      throw EcsError.CLUSTER_NOT_FOUND.because("Cluster not found.");
    }
    return cluster;
  }

  /** The task that an id or ARN means. */
  static Task.Key task(Cluster.Key cluster, String text) {
    if (!text.startsWith("arn:")) {
      return new Task.Key(cluster.account(), cluster.region(), cluster.name(), name(text));
    }
    Parts parts = parts(text, "task", cluster.region());
    int slash = parts.rest().indexOf('/');
    return new Task.Key(
        parts.account(),
        parts.region(),
        slash < 0 ? cluster.name() : parts.rest().substring(0, slash),
        parts.rest().substring(slash + 1));
  }

  /** The service that a name or ARN means. */
  static Service.Key service(Cluster.Key cluster, String text) {
    if (!text.startsWith("arn:")) {
      return new Service.Key(cluster.account(), cluster.region(), cluster.name(), name(text));
    }
    Parts parts = parts(text, "service", cluster.region());
    int slash = parts.rest().indexOf('/');
    return new Service.Key(
        parts.account(),
        parts.region(),
        slash < 0 ? cluster.name() : parts.rest().substring(0, slash),
        parts.rest().substring(slash + 1));
  }

  /** What an ARN names below a service: a deployment or a revision. */
  record Below(Service.Key service, String id) {}

  /** What an ARN such as {@code service-revision/cluster/service/id} names. */
  static Below below(Call call, String kind, String text) {
    Parts parts = parts(text, kind, call.region());
    String[] names = parts.rest().split("/", -1);
    if (names.length != 3 || names[2].isEmpty()) {
      throw invalid();
    }
    return new Below(
        new Service.Key(parts.account(), parts.region(), names[0], names[1]), names[2]);
  }

  /** A demand on a service, under the cluster that it really is in. */
  static Demand demand(String action, Service.Key service) {
    return Demand.on(action, service.arn())
        .key("ecs:cluster", service.clusterKey().arn().toString());
  }

  /**
   * The demands on what lies below a service, and on the service itself. AWS tells both by tags,
   * and gives tags to services alone: what lies below is told by its service's.
   */
  static List<Demand> demands(String action, Service.Key service, Arn below) {
    return List.of(
        demand(action, service),
        Demand.on(action, below)
            .taggedAs(service.arn())
            .key("ecs:cluster", service.clusterKey().arn().toString())
            .key("ecs:service", service.arn().toString()));
  }

  /** Refuses an ARN of another cluster than the request names. */
  static void require(Cluster.Key cluster, Cluster.Key actual) {
    if (!cluster.equals(actual)) {
      throw EcsError.INVALID_PARAMETER.because(
          "Invalid identifier: Identifier is for cluster %s. Your cluster is %s",
          actual.name(), cluster.name());
    }
  }

  /** A demand on a task, under the cluster that it really is in. */
  static Demand demand(String action, Task.Key task) {
    return Demand.on(action, task.arn()).key("ecs:cluster", task.clusterKey().arn().toString());
  }

  /** A demand on a container instance, under the cluster that it really is in. */
  static Demand demand(String action, ContainerInstance.Key instance) {
    return Demand.on(action, instance.arn())
        .key("ecs:cluster", instance.clusterKey().arn().toString());
  }

  /** The container instance that an id or ARN means. */
  static ContainerInstance.Key instance(Cluster.Key cluster, String text) {
    if (!text.startsWith("arn:")) {
      return new ContainerInstance.Key(
          cluster.account(), cluster.region(), cluster.name(), name(text));
    }
    Parts parts = parts(text, "container-instance", cluster.region());
    int slash = parts.rest().indexOf('/');
    return new ContainerInstance.Key(
        parts.account(),
        parts.region(),
        slash < 0 ? cluster.name() : parts.rest().substring(0, slash),
        parts.rest().substring(slash + 1));
  }

  /**
   * What names a task definition.
   *
   * @param revision 0 for the newest active one
   */
  record DefinitionName(AccountId account, Region region, String family, int revision) {
    Arn arn() {
      return Arn.of(
          "ecs",
          region,
          account,
          "task-definition/" + family + ":" + (revision == 0 ? "*" : revision));
    }
  }

  static DefinitionName definition(Call call, String text) {
    AccountId account = call.account();
    Region region = call.region();
    String rest = text;
    if (text.startsWith("arn:")) {
      Parts parts = parts(text, "task-definition", region);
      account = parts.account();
      region = parts.region();
      rest = parts.rest();
    }
    int colon = rest.indexOf(':');
    String family = colon < 0 ? rest : rest.substring(0, colon);
    if (!family.matches(FAMILY)) {
      throw EcsError.CLIENT.because("Invalid task definition identifier: %s", text);
    }
    if (colon < 0) {
      return new DefinitionName(account, region, family, 0);
    }
    String digits = rest.substring(colon + 1);
    if (!digits.matches("[1-9][0-9]{0,8}")) {
      throw EcsError.CLIENT.because("Invalid revision number. Number: %s", digits);
    }
    return new DefinitionName(account, region, family, Integer.parseInt(digits));
  }

  /** A demand that knows no resource; another account's definition is one all the same. */
  static Access own(Call call, String action, DefinitionName name) {
    return name.account().equals(call.account())
        ? Access.of(action)
        : Access.of(action, name.arn());
  }

  /** The definition's row; of a family the newest active one. */
  static Optional<TaskDefinition> find(View view, DefinitionName name) {
    if (name.revision() != 0) {
      return Optional.ofNullable(
          view.get(
              EcsTables.TASK_DEFINITIONS,
              name.account(),
              new TaskDefinition.Key(
                  name.account(), name.region(), name.family(), name.revision())));
    }
    return view
        .list(EcsTables.TASK_DEFINITIONS, name.account(), name.region().name(), name.family())
        .reversed()
        .stream()
        .filter(d -> d.status() == TaskDefinition.Status.ACTIVE)
        .findFirst();
  }

  /** A role's ARN; a plain name means a role of the caller's account. */
  static @Nullable Arn role(Call call, @Nullable String text) {
    return Launching.role(call.account(), text);
  }

  /**
   * The demands for handing a role to tasks.
   *
   * @param to what the role will be associated with
   */
  static Access passing(Access access, Collection<Arn> roles, Arn to) {
    return access.and(
        roles.stream()
            .distinct()
            .map(
                role ->
                    Demand.on("iam:PassRole", role)
                        .key("iam:PassedToService", "ecs-tasks.amazonaws.com")
                        .key("iam:AssociatedResourceArn", to.toString()))
            .toList());
  }

  /**
   * What a request lists, where it is no more than the operation takes. Each item is demanded, so
   * they are counted before.
   *
   * @param list what AWS calls the list in its refusal
   */
  static <T> List<T> atMost(int most, String list, List<T> items) {
    if (items.size() > most) {
      throw EcsError.INVALID_PARAMETER.because(
          "%s list cannot have more than %d elements.", list, most);
    }
    return items;
  }

  /** One demand for each resource, or one for {@code otherwise} where there is none. */
  static Access each(List<Demand> demands, Demand otherwise) {
    return new Access(demands.isEmpty() ? List.of(otherwise) : demands);
  }

  private record Parts(AccountId account, Region region, String rest) {}

  /**
   * The parts of an ARN of the region that is called. Another region is not answered for, whether
   * there is something of that name or not.
   */
  private static Parts parts(String text, String kind, Region here) {
    Arn arn = text.length() > LONGEST_ARN ? null : Arn.parse(text).orElse(null);
    if (arn == null
        || !arn.partition().equals("aws")
        || !arn.service().equals("ecs")
        || !arn.resource().startsWith(kind + "/")) {
      throw invalid();
    }
    if (!arn.region().equals(here.name())) {
      throw EcsError.INVALID_PARAMETER.because("Invalid Region in ARN");
    }
    AccountId account = AccountId.parse(arn.account()).orElseThrow(Names::invalid);
    String rest = arn.resource().substring(kind.length() + 1);
    if (rest.isEmpty()) {
      throw invalid();
    }
    return new Parts(account, here, rest);
  }

  private static String name(String text) {
    if (text.length() > LONGEST_NAME) {
      throw invalid();
    }
    return text;
  }

  static ApiError invalid() {
    return EcsError.INVALID_PARAMETER.because("Invalid identifier.");
  }
}
