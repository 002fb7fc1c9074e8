// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.model;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.Region;
import java.time.Instant;
import java.util.List;

/**
 * A capacity provider that an account has made. Nobody scales machines here: it stands for the
 * container instances of each cluster that it is associated with.
 *
 * @param provider its {@code autoScalingGroupProvider}, kept and shown
 */
public record CapacityProvider(
    Key key, JsonObject provider, Instant createdAt, String updateStatus) {
  public static final String FARGATE = "FARGATE";
  public static final String FARGATE_SPOT = "FARGATE_SPOT";

  /** What every account has. */
  public static final List<String> BUILT_IN = List.of(FARGATE, FARGATE_SPOT);

  /** A provider's place. */
  public record Key(AccountId account, Region region, String name) {
    public Arn arn() {
      return Arn.of("ecs", region, account, "capacity-provider/" + name);
    }
  }

  public CapacityProvider updated(JsonObject changed) {
    return new CapacityProvider(key, changed, createdAt, "UPDATE_COMPLETE");
  }
}
