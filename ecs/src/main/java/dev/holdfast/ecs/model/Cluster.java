// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.model;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.Region;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A cluster.
 *
 * @param settings the {@code settings} member as it was given, one {@code name=value} each
 */
public record Cluster(Key key, Status status, Instant createdAt, java.util.List<Setting> settings) {

  /** A cluster's place. */
  public record Key(AccountId account, Region region, String name) {
    public Arn arn() {
      return Arn.of("ecs", region, account, "cluster/" + name);
    }
  }

  /** A cluster setting. */
  public record Setting(@Nullable String name, @Nullable String value) {}

  /** AWS's words. */
  public enum Status {
    ACTIVE,
    INACTIVE
  }

  public Cluster with(Status changed) {
    return new Cluster(key, changed, createdAt, settings);
  }
}
