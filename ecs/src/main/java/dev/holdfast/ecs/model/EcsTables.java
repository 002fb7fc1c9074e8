// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.model;

import dev.holdfast.kit.Ids;
import dev.holdfast.store.Table;
import java.util.List;

/** The tables of ECS. The region is the first segment of every key below the account. */
public final class EcsTables {
  public static final Table<Cluster.Key, Cluster> CLUSTERS =
      Table.of("ecs-clusters", Cluster.class, k -> List.of(k.region().name(), k.name()));

  /** The last revision of each family. */
  public static final Table<FamilyKey, Family> FAMILIES =
      Table.of("ecs-families", Family.class, k -> List.of(k.region(), k.family()));

  public static final Table<TaskDefinition.Key, TaskDefinition> TASK_DEFINITIONS =
      Table.of(
          "ecs-task-definitions",
          TaskDefinition.class,
          k -> List.of(k.region().name(), k.family(), Ids.padded(k.revision(), 9)));

  public static final Table<Task.Key, Task> TASKS =
      Table.of("ecs-tasks", Task.class, Task.Key::segments)
          .index("instance", t -> List.of(List.of(t.key().region().name(), t.place().instance())));

  public static final Table<ContainerInstance.Key, ContainerInstance> INSTANCES =
      Table.of("ecs-container-instances", ContainerInstance.class, ContainerInstance.Key::segments);

  public static final Table<CapacityProvider.Key, CapacityProvider> CAPACITY_PROVIDERS =
      Table.of(
          "ecs-capacity-providers",
          CapacityProvider.class,
          k -> List.of(k.region().name(), k.name()));

  public static final Table<AccountSetting.Key, AccountSetting> ACCOUNT_SETTINGS =
      Table.of("ecs-account-settings", AccountSetting.class, AccountSetting.Key::segments);

  /** Rows of the platform's own account. */
  public static final Table<String, Host> HOSTS = Table.of("ecs-hosts", Host.class, List::of);

  /** Other machines that joined; rows of the platform's own account, by id. */
  public static final Table<String, JoinedHost> JOINED_HOSTS =
      Table.of("ecs-joined-hosts", JoinedHost.class, List::of);

  public static final Table<Service.Key, Service> SERVICES =
      Table.of("ecs-services", Service.class, Service.Key::segments);

  public static final Table<ServiceRevision.Key, ServiceRevision> SERVICE_REVISIONS =
      Table.of("ecs-service-revisions", ServiceRevision.class, ServiceRevision.Key::segments);

  public static final Table<ServiceDeployment.Key, ServiceDeployment> SERVICE_DEPLOYMENTS =
      Table.of("ecs-service-deployments", ServiceDeployment.class, ServiceDeployment.Key::segments);

  /** The tasks that services keep, beside the tasks' own rows. */
  public static final Table<ServiceTask.Key, ServiceTask> SERVICE_TASKS =
      Table.of("ecs-service-tasks", ServiceTask.class, ServiceTask.Key::segments);

  public static final Table<ServiceEvent.Key, ServiceEvent> SERVICE_EVENTS =
      Table.of("ecs-service-events", ServiceEvent.class, ServiceEvent.Key::segments);

  /** A family's place. */
  public record FamilyKey(String region, String family) {}

  /** A family of task definitions. */
  public record Family(String name, int lastRevision) {}

  private EcsTables() {}
}
