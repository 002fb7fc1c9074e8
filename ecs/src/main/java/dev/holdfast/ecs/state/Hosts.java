// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.state;

import dev.holdfast.aws.ecs.EcsError;
import dev.holdfast.ecs.model.ContainerInstance;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.Host;
import dev.holdfast.ecs.model.JoinedHost;
import dev.holdfast.ecs.port.LocalHost;
import dev.holdfast.kit.Arn;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Principal;
import dev.holdfast.store.Table;
import dev.holdfast.store.View;
import org.jspecify.annotations.Nullable;
import java.util.List;

/** The rows of hosts, and who may act as one. */
public final class Hosts {
  private Hosts() {}

  /** The local host as it is booked now, with the measures of this machine. */
  public static Host local(View view, LocalHost facts) {
    var now = measured(Host.LOCAL, facts);
    Host row = view.get(EcsTables.HOSTS, Table.PLATFORM, Host.LOCAL);
    return row == null ? now : row.measured(now);
  }

  /** A machine with nothing booked on it. */
  public static Host measured(String id, LocalHost facts) {
    return new Host(
        id,
        facts.architecture(),
        facts.cpu(),
        facts.memory(),
        facts.reservedTcp(),
        facts.reservedUdp(),
        List.of());
  }

  /** The row of an instance's host. */
  public static @Nullable Host of(View view, ContainerInstance instance, LocalHost facts) {
    return instance.local()
        ? local(view, facts)
        : view.get(EcsTables.HOSTS, Table.PLATFORM, instance.host());
  }

  /** What people call the machine of an instance. */
  public static String name(View view, ContainerInstance instance, LocalHost facts) {
    if (instance.local()) {
      return facts.name();
    }
    JoinedHost joined = view.get(EcsTables.JOINED_HOSTS, Table.PLATFORM, instance.host());
    return joined == null ? instance.key().id() : joined.name();
  }

  /** What the stream goes by that tells whether an instance's agent listens. */
  public static String stream(ContainerInstance instance) {
    return instance.offered()
        ? Connections.host(instance.host())
        : instance.key().arn().toString();
  }

  /**
   * Whether a call comes from the platform's own account, where only its own hosts live: the local
   * one, and those that joined.
   */
  public static boolean isOurs(Call call) {
    return call.account().equals(Table.PLATFORM);
  }

  /**
   * Which of the platform's own hosts calls: its session is named by its id, and nobody else can
   * have one in that account.
   *
   * @throws dev.holdfast.aws.ApiError where another calls, or the host was removed
   */
  public static String caller(View view, Call call) {
    Principal.Session session = call.principal().session();
    String id = session == null ? "" : session.name();
    if (!isOurs(call)
        || (!id.equals(Host.LOCAL)
            && view.get(EcsTables.JOINED_HOSTS, Table.PLATFORM, id) == null)) {
      throw EcsError.ACCESS_DENIED.because("this is for the platform's own hosts alone");
    }
    return id;
  }

  /**
   * What an agent's call demands. The platform's own hosts act in every account, on the strength of
   * their own role's policy and of their binding.
   */
  public static Demand demand(Call call, String action, Arn resource) {
    if (!isOurs(call)) {
      return Demand.on(action, resource);
    }
    Principal.Session session = call.principal().session();
    String id = session == null ? "" : session.name();
    return Demand.on(action, Arn.of("ecs", call.region(), Table.PLATFORM, Connections.host(id)));
  }

  /** Whether the caller is the one that an instance is bound to. */
  public static boolean binds(View view, ContainerInstance instance, Call call) {
    ContainerInstance.Binding binding = instance.binding();
    if (instance.local() || binding == null) {
      return isOurs(call) && caller(view, call).equals(instance.host());
    }
    ContainerInstance.Binding caller = bindingOf(call);
    return call.account().equals(instance.key().account())
        && binding.principal().equals(caller.principal())
        && (binding.accessKeyId().equals(caller.accessKeyId())
            || (binding.accessKeyId().isEmpty() && call.principal().session() != null));
  }

  /**
   * The binding that a registration by this caller makes. Sessions change their keys, users do not;
   * a role's sessions keep their name, so that two hosts of one role are not each other.
   */
  public static ContainerInstance.Binding bindingOf(Call call) {
    Principal principal = call.principal();
    Principal.Session session = principal.session();
    String by =
        session == null
            ? principal.accessKeyId()
            : session.name().isEmpty() ? "" : "session/" + session.name();
    return new ContainerInstance.Binding(principal.identity().uniqueId(), by);
  }
}
