// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.agent.TaskInterface;
import dev.holdfast.aws.ecs.Attachment;
import dev.holdfast.aws.ecs.KeyValuePair;
import dev.holdfast.aws.ecs.NetworkInterface;
import dev.holdfast.ecs.model.ContainerState;
import dev.holdfast.ecs.model.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The network of a task with the mode {@code awsvpc}, as requests ask and answers show it. */
final class NetworkWire {
  private static final Pattern ADDRESS = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");

  private NetworkWire() {}

  private static Task.@Nullable Network of(Task task) {
    Task.Ground ground = task.launch().ground();
    return ground == null ? null : ground.network();
  }

  /** The task's address, once its agent has told it. */
  static @Nullable String address(Task task) {
    return task.containers().stream()
        .map(ContainerState::networkBindings)
        .flatMap(List::stream)
        .map(ContainerState.Binding::bindIP)
        .filter(Objects::nonNull)
        .filter(ip -> ADDRESS.matcher(ip).matches())
        .findFirst()
        .orElse(null);
  }

  static List<Attachment> attachments(Task task) {
    Task.Network network = of(task);
    if (network == null) {
      return List.of();
    }
    String arn = task.key().arn().toString();
    String address = address(task);
    var details = new ArrayList<KeyValuePair>();
    details.add(detail("subnetId", network.subnets().getFirst()));
    details.add(detail("networkInterfaceId", TaskInterface.id(arn)));
    details.add(detail("macAddress", TaskInterface.mac(arn)));
    if (address != null) {
      details.add(detail("privateDnsName", TaskInterface.dnsName(arn, address)));
      details.add(detail("privateIPv4Address", address));
    }
    return List.of(
        Attachment.builder()
            .id(TaskInterface.attachment(arn))
            .type("ElasticNetworkInterface")
            .status(!task.live() ? "DELETED" : address == null ? "PRECREATED" : "ATTACHED")
            .details(details)
            .build());
  }

  private static KeyValuePair detail(String name, String value) {
    return KeyValuePair.builder().name(name).value(value).build();
  }

  /** What each container of such a task shows: all have the one interface. */
  static List<NetworkInterface> interfaces(Task task) {
    String address = of(task) == null ? null : address(task);
    return address == null
        ? List.of()
        : List.of(
            NetworkInterface.builder()
                .attachmentId(TaskInterface.attachment(task.key().arn().toString()))
                .privateIpv4Address(address)
                .build());
  }

  /** The ports of the host that lead to a container: none where the task has its own address. */
  static boolean bindsHostPorts(Task task) {
    return of(task) == null;
  }
}
