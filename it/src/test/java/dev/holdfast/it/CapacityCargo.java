// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import java.util.List;

/** The part of the cargo that is about capacity providers, attributes and settings. */
record CapacityCargo(Cargo cargo, Harbor harbor) {
  void load(String resources) {
    // One that nobody takes out of the cluster.
    String instance =
        Harbor.text(
            harbor.admin("ecs:RegisterContainerInstance", resources).object("containerInstance"),
            "containerInstanceArn");
    harbor.admin(
        "ecs:CreateCapacityProvider",
        """
        {"name":"kept","autoScalingGroupProvider":{"autoScalingGroupArn":"kept-group"}}""");
    cargo.value("ecs.name", "kept");
    cargo.value("ecs.capacityProvider", "kept");
    cargo.value("ecs:CreateCapacityProvider.name", "made");
    cargo.value("ecs:DeleteCapacityProvider.capacityProvider", "made");
    cargo.beside(
        "ecs:CreateCapacityProvider",
        "{\"autoScalingGroupProvider\":{\"autoScalingGroupArn\":\"made-group\"}}");
    cargo.beside(
        "ecs:UpdateCapacityProvider",
        "{\"autoScalingGroupProvider\":{\"managedDraining\":\"DISABLED\"}}");
    cargo.raw("ecs.capacityProviders", "[\"FARGATE\"]");
    cargo.raw("ecs.defaultCapacityProviderStrategy", "[]");
    cargo.raw("ecs.settings", "[{\"name\":\"containerInsights\",\"value\":\"enabled\"}]");
    String setting = "containerInsights";
    for (String op : List.of("PutAccountSetting", "PutAccountSettingDefault")) {
      cargo.value("ecs:" + op + ".name", setting);
      cargo.value("ecs:" + op + ".value", "enabled");
    }
    cargo.value("ecs:DeleteAccountSetting.name", setting);
    cargo.value("ecs:ListAttributes.targetType", "container-instance");
    cargo.raw(
        "ecs.attributes",
        "[{\"name\":\"rack\",\"value\":\"r1\",\"targetId\":\"%s\"}]".formatted(instance));
    for (String op :
        List.of(
            "PutClusterCapacityProviders",
            "UpdateCluster",
            "UpdateClusterSettings",
            "ListAttributes",
            "PutAttributes",
            "DeleteAttributes")) {
      cargo.arn("ecs:" + op, "{\"cluster\":\"%s\"}".formatted(cargo.arnOf("ecs", "cluster/shop")));
    }
    String made = cargo.arnOf("ecs", "capacity-provider/kept");
    cargo.arn("ecs:UpdateCapacityProvider", "{\"name\":\"%s\"}".formatted(made));
    cargo.arn("ecs:DeleteCapacityProvider", "{\"capacityProvider\":\"%s\"}".formatted(made));
    cargo.arn("ecs:DescribeCapacityProviders", "{\"capacityProviders\":[\"%s\"]}".formatted(made));
  }
}
