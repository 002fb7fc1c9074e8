// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecs.Attribute;
import dev.holdfast.aws.ecs.EcsError;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.ecs.RegisterContainerInstanceRequest;
import dev.holdfast.aws.ecs.RegisterContainerInstanceResponse;
import dev.holdfast.aws.ecs.Resource;
import dev.holdfast.ecs.model.Cluster;
import dev.holdfast.ecs.model.ContainerInstance;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.Host;
import dev.holdfast.ecs.port.LocalHost;
import dev.holdfast.ecs.state.Alarms;
import dev.holdfast.ecs.state.Connections;
import dev.holdfast.ecs.state.Hosts;
import dev.holdfast.kit.Ids;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.State;
import dev.holdfast.service.Tags;
import dev.holdfast.store.Table;
import dev.holdfast.store.Tx;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/** Registers an agent's host as an instance of a cluster, bound to who registers it. */
public final class RegisterContainerInstance
    implements Operation<RegisterContainerInstanceRequest, RegisterContainerInstanceResponse> {
  /** How an instance's id is written; no other can be chosen, least of all the local host's. */
  private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");

  /** As many as are kept from one registration to the next. */
  private static final int MOST_ATTRIBUTES = 200;

  private final State state;
  private final InstanceWire wire;
  private final Alarms alarms;
  private final RandomGenerator random;

  public RegisterContainerInstance(
      State state, Connections connections, LocalHost host, Alarms alarms, RandomGenerator random) {
    this.state = state;
    this.wire = new InstanceWire(connections, host);
    this.alarms = alarms;
    this.random = random;
  }

  @Override
  public OperationModel<RegisterContainerInstanceRequest, RegisterContainerInstanceResponse>
      model() {
    return EcsModel.REGISTER_CONTAINER_INSTANCE;
  }

  @Override
  public Access access(Call call, RegisterContainerInstanceRequest in) {
    alarms.refuseTask(call, "RegisterContainerInstance");
    var arn = Names.cluster(call, in.cluster()).arn();
    var access = Access.of("ecs:RegisterContainerInstance", arn);
    return TagRequests.creating(
        access, "RegisterContainerInstance", call.arn("ecs", "container-instance/*"), in.tags());
  }

  @Override
  public RegisterContainerInstanceResponse handle(Call call, RegisterContainerInstanceRequest in) {
    Cluster.Key cluster = Names.cluster(call, in.cluster());
    String given = in.containerInstanceArn();
    var key =
        Names.instance(cluster, given == null || given.isEmpty() ? Ids.hex(random, 16) : given);
    if (!key.clusterKey().equals(cluster)) {
      throw EcsError.INVALID_PARAMETER.because(
          "the container instance `%s` is of another cluster; delete the agent's data directory",
          key.id());
    }
    if (!ID.matcher(key.id()).matches()) {
      throw Names.invalid();
    }
    return alarms.watch(
        call, "registering as the host of " + key.arn(), () -> register(call, in, key));
  }

  private RegisterContainerInstanceResponse register(
      Call call, RegisterContainerInstanceRequest in, ContainerInstance.Key key) {
    Cluster.Key cluster = key.clusterKey();
    var tags = TagRequests.checked(in.tags());
    return state.commit(
        call,
        tx -> {
          Names.active(tx, cluster);
          ContainerInstance row = known(tx, call, in, key);
          row = row.registered(Hosts.bindingOf(call), Wire.json(said(in, row)));
          tx.put(EcsTables.INSTANCES, key.account(), key, row);
          wire.announce(tx, row, call.now());
          put(tx, host(in, key.id()));
          Tags.add(tx, key.account(), key.arn(), tags);
          return RegisterContainerInstanceResponse.builder()
              .containerInstance(wire.instance(tx, row, TagRequests.of(tx, call, key.arn())))
              .build();
        });
  }

  /** The instance as it is, or one that begins; never one that is somebody else's. */
  private static ContainerInstance known(
      Tx tx, Call call, RegisterContainerInstanceRequest in, ContainerInstance.Key key) {
    ContainerInstance row = tx.get(EcsTables.INSTANCES, key.account(), key);
    if (row == null) {
      String given = in.containerInstanceArn();
      if (given != null && !given.isEmpty()) { // one that was deregistered, and forgotten since
        throw gone(key);
      }
      if (tx.get(EcsTables.HOSTS, Table.PLATFORM, key.id()) != null) {
        throw EcsError.INVALID_PARAMETER.because(
            "the container instance `%s` is not of this cluster; delete the agent's data directory",
            key.id());
      }
      return new ContainerInstance(
          key, key.id(), null, ContainerInstance.Status.ACTIVE, call.now(), JsonObject.EMPTY, 0, 0);
    }
    if (!Hosts.binds(tx, row, call)) {
      throw EcsError.ACCESS_DENIED.because(
          "the container instance `%s` is bound to the principal that registered it", key.id());
    }
    if (row.status() == ContainerInstance.Status.INACTIVE) {
      throw gone(key);
    }
    return row;
  }

  private static ApiError gone(ContainerInstance.Key key) {
    return EcsError.INVALID_PARAMETER.because(
        "the container instance `%s` was deregistered; delete the agent's data directory to"
            + " register as another",
        key.id());
  }

  private static void put(Tx tx, Host host) {
    Host before = tx.get(EcsTables.HOSTS, Table.PLATFORM, host.id());
    tx.put(
        EcsTables.HOSTS, Table.PLATFORM, host.id(), before == null ? host : before.measured(host));
  }

  /**
   * Every attribute is echoed: the agent ends itself where one is missing. An agent that registers
   * again leaves out those that are its owner's: they stay.
   */
  private static dev.holdfast.aws.ecs.ContainerInstance said(
      RegisterContainerInstanceRequest in, ContainerInstance before) {
    Cluster.Key cluster = before.key().clusterKey();
    var attributes = new ArrayList<>(in.attributes());
    before
        .registeredAttributes()
        .forEach(
            (name, value) -> {
              if (!own(name)
                  && attributes.size() < MOST_ATTRIBUTES
                  && attributes.stream().noneMatch(a -> a.name().equals(name))) {
                attributes.add(
                    Attribute.builder().name(name).value(value.isEmpty() ? null : value).build());
              }
            });
    if (attributes.stream().noneMatch(a -> a.name().equals("ecs.availability-zone"))) {
      attributes.add(
          Attribute.builder()
              .name("ecs.availability-zone")
              .value(cluster.region().name() + "a")
              .build());
    }
    return dev.holdfast.aws.ecs.ContainerInstance.builder()
        .attributes(attributes)
        .versionInfo(in.versionInfo())
        .build();
  }

  /** Whether an attribute is the agent's own to say. */
  private static boolean own(String name) {
    return name.startsWith("ecs.") || name.startsWith("com.amazonaws.");
  }

  private static Host host(RegisterContainerInstanceRequest in, String id) {
    String architecture =
        in.attributes().stream()
            .filter(a -> a.name().equals("ecs.cpu-architecture") && a.value() != null)
            .map(a -> "arm64".equals(a.value()) ? "ARM64" : "X86_64")
            .findFirst()
            .orElse("");
    return new Host(
        id,
        architecture,
        number(in, "CPU"),
        number(in, "MEMORY"),
        ports(in, "PORTS"),
        ports(in, "PORTS_UDP"),
        List.of());
  }

  private static int number(RegisterContainerInstanceRequest in, String name) {
    return in.totalResources().stream()
        .filter(r -> name.equals(r.name()) && r.integerValue() != null)
        .mapToInt(r -> r.integerValue() == null ? 0 : r.integerValue())
        .findFirst()
        .orElse(0);
  }

  private static List<Integer> ports(RegisterContainerInstanceRequest in, String name) {
    return in.totalResources().stream()
        .filter(r -> name.equals(r.name()))
        .map(Resource::stringSetValue)
        .flatMap(List::stream)
        .filter(text -> text.matches("[0-9]{1,5}"))
        .map(Integer::valueOf)
        .toList();
  }
}
