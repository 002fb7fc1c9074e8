// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.state;

import dev.holdfast.ecs.model.ContainerInstance;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.Host;
import dev.holdfast.ecs.port.LocalHost;
import dev.holdfast.kit.Arn;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Principal;
import dev.holdfast.store.Table;
import dev.holdfast.store.View;
import java.util.List;

/** The rows of hosts, and who may act as one. */
public final class Hosts {
  private Hosts() {}

  /** The local host as it is booked now, with the measures of this machine. */
  public static Host local(View view, LocalHost facts) {
    Host now = local(facts);
    Host row = view.get(EcsTables.HOSTS, Table.PLATFORM, Host.LOCAL);
    return row == null ? now : row.measured(now);
  }

  /** The local host with nothing booked. */
  static Host local(LocalHost facts) {
    return new Host(
        Host.LOCAL,
        facts.architecture(),
        facts.cpu(),
        facts.memory(),
        facts.reservedTcp(),
        facts.reservedUdp(),
        List.of());
  }

  /** Whether a call comes from the platform's own account, where only the local host lives. */
  public static boolean isLocal(Call call) {
    return call.account().equals(Table.PLATFORM);
  }

  /**
   * What an agent's call demands. The local host acts in every account, on the strength of its own
   * role's policy and of its binding.
   */
  public static Demand demand(Call call, String action, Arn resource) {
    return isLocal(call)
        ? Demand.on(action, Arn.of("ecs", call.region(), Table.PLATFORM, Connections.LOCAL_HOST))
        : Demand.on(action, resource);
  }

  /** Whether the caller is the one that an instance is bound to. */
  public static boolean binds(ContainerInstance instance, Call call) {
    ContainerInstance.Binding binding = instance.binding();
    if (instance.local() || binding == null) {
      return instance.local() && isLocal(call);
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
