// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.JsonCodec;
import dev.holdfast.aws.ecs.AutoScalingGroupProvider;
import dev.holdfast.aws.ecs.EcsError;
import dev.holdfast.aws.ecs.Tag;
import dev.holdfast.ecs.model.CapacityProvider;
import dev.holdfast.ecs.model.Cluster;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.plan.CapacityPlan;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.service.Call;
import dev.holdfast.store.View;
import java.util.HashSet;
import java.util.List;

/** Capacity providers, as requests name and answers show them. */
final class Providers {
  /** AWS's quota of a cluster. */
  private static final int OF_A_CLUSTER = 20;

  private Providers() {}

  /** The provider that a name or an ARN means. */
  static CapacityProvider.Key key(Call call, String text) {
    if (!text.startsWith("arn:")) {
      return new CapacityProvider.Key(call.account(), call.region(), text);
    }
    Arn arn = Arn.parse(text).orElseThrow(Names::invalid);
    String prefix = "capacity-provider/";
    if (!arn.service().equals("ecs") || !arn.resource().startsWith(prefix)) {
      throw Names.invalid();
    }
    if (!arn.region().equals(call.region().name())) {
      throw EcsError.INVALID_PARAMETER.because("Invalid Region in ARN");
    }
    return new CapacityProvider.Key(
        dev.holdfast.kit.AccountId.parse(arn.account()).orElseThrow(Names::invalid),
        call.region(),
        arn.resource().substring(prefix.length()));
  }

  static boolean builtIn(CapacityProvider.Key key) {
    return CapacityProvider.BUILT_IN.contains(key.name());
  }

  /** The row of a provider that the account has made. */
  static CapacityProvider required(View view, CapacityProvider.Key key) {
    CapacityProvider row = view.get(EcsTables.CAPACITY_PROVIDERS, key.account(), key);
    if (row == null) {
      throw missing();
    }
    return row;
  }

  private static dev.holdfast.aws.ApiError missing() {
    return EcsError.CLIENT.because(
        "The specified capacity provider does not exist. Specify a valid name or ARN and try"
            + " again.");
  }

  static dev.holdfast.aws.ecs.CapacityProvider builtIn(CapacityProvider.Key key, List<Tag> tags) {
    return dev.holdfast.aws.ecs.CapacityProvider.builder()
        .capacityProviderArn(key.arn().toString())
        .name(key.name())
        .status("ACTIVE")
        .type(key.name())
        .tags(tags)
        .build();
  }

  static dev.holdfast.aws.ecs.CapacityProvider shape(
      CapacityProvider row, String status, List<Tag> tags) {
    return dev.holdfast.aws.ecs.CapacityProvider.builder()
        .capacityProviderArn(row.key().arn().toString())
        .name(row.key().name())
        .status(status)
        .type("EC2_AUTOSCALING")
        .autoScalingGroupProvider(
            (AutoScalingGroupProvider)
                JsonCodec.read(AutoScalingGroupProvider.SCHEMA, Json.bytes(row.provider())))
        .updateStatus(row.updateStatus())
        .tags(tags)
        .build();
  }

  /** A provider's document with the defaults that AWS writes into it. */
  static JsonObject normalized(JsonObject given) {
    JsonObject scaling = given.object("managedScaling");
    scaling = absent(scaling, "status", JsonValue.of("DISABLED"));
    scaling = absent(scaling, "targetCapacity", JsonValue.JsonNumber.of(100L));
    scaling = absent(scaling, "minimumScalingStepSize", JsonValue.JsonNumber.of(1L));
    scaling = absent(scaling, "maximumScalingStepSize", JsonValue.JsonNumber.of(10_000L));
    scaling = absent(scaling, "instanceWarmupPeriod", JsonValue.JsonNumber.of(300L));
    JsonObject document = given.with("managedScaling", scaling);
    document = absent(document, "managedTerminationProtection", JsonValue.of("DISABLED"));
    return absent(document, "managedDraining", JsonValue.of("ENABLED"));
  }

  private static JsonObject absent(JsonObject object, String member, JsonValue value) {
    return object.get(member) == null ? object.with(member, value) : object;
  }

  /** A provider's document with what an update says; managed scaling is merged likewise. */
  static JsonObject merged(JsonObject before, JsonObject update) {
    JsonObject document = before;
    for (var member : update.members().entrySet()) {
      JsonValue value = member.getValue();
      if (value instanceof JsonObject changed
          && document.get(member.getKey()) instanceof JsonObject known) {
        value = merged(known, changed);
      }
      document = document.with(member.getKey(), value);
    }
    return document;
  }

  /** Refuses providers that a cluster cannot have, and a default strategy with others. */
  static void check(View view, Call call, List<String> names, List<Cluster.StrategyItem> strategy) {
    if (names.size() > OF_A_CLUSTER) {
      throw EcsError.INVALID_PARAMETER.because(
          "The maximum number of capacity providers per cluster has been exceeded.");
    }
    if (new HashSet<>(names).size() != names.size()) {
      throw EcsError.INVALID_PARAMETER.because("capacityProviders holds a name twice.");
    }
    for (String name : names) {
      CapacityProvider.Key key = key(call, name);
      if (!key.account().equals(call.account())
          || (!builtIn(key)
              && view.get(EcsTables.CAPACITY_PROVIDERS, key.account(), key) == null)) {
        throw missing();
      }
    }
    CapacityPlan.fault(strategy)
        .ifPresent(
            text -> {
              throw EcsError.INVALID_PARAMETER.because("%s", text);
            });
    for (Cluster.StrategyItem item : strategy) {
      if (!names.contains(item.capacityProvider())) {
        throw EcsError.INVALID_PARAMETER.because(
            "The specified capacity provider strategy cannot contain a capacity provider that is not"
                + " associated with the cluster. Associate the capacity provider with the cluster"
                + " and try again.");
      }
    }
  }
}
