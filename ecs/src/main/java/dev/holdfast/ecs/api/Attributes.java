// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.ecs.Attribute;
import dev.holdfast.aws.ecs.EcsError;
import dev.holdfast.ecs.model.Cluster;
import dev.holdfast.ecs.model.ContainerInstance;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.plan.AttributeCheck;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.store.Tx;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** Attributes of container instances, as requests name and answers show them. */
final class Attributes {
  private static final int AT_ONCE = 10;

  private Attributes() {}

  /** The demands for changing them, each on the instance that it is about. */
  static Access access(
      Call call,
      String action,
      @org.jspecify.annotations.Nullable String cluster,
      List<Attribute> attributes) {
    Cluster.Key where = Names.cluster(call, cluster);
    return Names.each(
        Names.atMost(AT_ONCE, "Attributes", attributes).stream()
            .map(a -> Names.demand(action, instance(where, a)))
            .distinct()
            .toList(),
        Demand.on(action, call.arn("ecs", "container-instance/" + where.name() + "/*")));
  }

  private static ContainerInstance.Key instance(Cluster.Key cluster, Attribute attribute) {
    String target = attribute.targetId();
    if (target == null || target.isEmpty()) {
      throw EcsError.INVALID_PARAMETER.because("Target ID cannot be empty.");
    }
    if (!target.startsWith("arn:") && attribute.targetType() == null) {
      throw EcsError.INVALID_PARAMETER.because(
          "The target type must be specified when the target ID is not an ARN.");
    }
    return Names.instance(cluster, target);
  }

  /** Checks the names and values of a request, and changes each instance that it names. */
  static void change(
      Tx tx,
      Cluster.Key cluster,
      List<Attribute> attributes,
      BiConsumer<Map<String, String>, Attribute> how) {
    if (attributes.isEmpty()) {
      throw EcsError.INVALID_PARAMETER.because("Attributes cannot be empty.");
    }
    Names.active(tx, cluster);
    var changed = new LinkedHashMap<ContainerInstance.Key, Map<String, String>>();
    for (Attribute attribute : attributes) {
      check(attribute);
      ContainerInstance.Key key = instance(cluster, attribute);
      Names.require(cluster, key.clusterKey());
      ContainerInstance row = tx.get(EcsTables.INSTANCES, key.account(), key);
      if (row == null || row.status() == ContainerInstance.Status.INACTIVE) {
        throw EcsError.TARGET_NOT_FOUND.because(
            "The specified target was not found. Specify a valid target and try again.");
      }
      how.accept(changed.computeIfAbsent(key, _ -> new TreeMap<>(row.custom())), attribute);
    }
    changed.forEach(
        (key, custom) -> {
          if (custom.size() > AttributeCheck.MOST) {
            throw EcsError.ATTRIBUTE_LIMIT_EXCEEDED.because(
                "You can apply up to %d custom attributes for each resource.", AttributeCheck.MOST);
          }
          ContainerInstance row = tx.get(EcsTables.INSTANCES, key.account(), key);
          if (row != null) {
            tx.put(EcsTables.INSTANCES, key.account(), key, row.with(custom));
          }
        });
  }

  private static void check(Attribute attribute) {
    String value = attribute.value();
    AttributeCheck.fault(attribute.name(), value == null ? "" : value)
        .ifPresent(
            fault -> {
              throw EcsError.INVALID_PARAMETER.because("%s", fault);
            });
  }

  /** One attribute of an instance. */
  static Attribute shape(ContainerInstance.Key key, String name, String value) {
    return Attribute.builder()
        .name(name)
        .value(value.isEmpty() ? null : value)
        .targetId(key.arn().toString())
        .build();
  }

  /** The attributes of a request, as they are answered. */
  static List<Attribute> answered(Cluster.Key cluster, List<Attribute> attributes) {
    return attributes.stream()
        .map(
            a ->
                a.toBuilder()
                    .targetId(instance(cluster, a).arn().toString())
                    .targetType(null)
                    .build())
        .toList();
  }
}
