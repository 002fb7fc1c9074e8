// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.model;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.Region;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A cluster.
 *
 * @param settings the {@code settings} member as it was given, one {@code name=value} each
 * @param configuration what is kept and shown, and changes nothing
 * @param namespace of Service Connect, likewise
 */
public record Cluster(
    Key key,
    Status status,
    Instant createdAt,
    List<Setting> settings,
    List<String> capacityProviders,
    List<StrategyItem> defaultStrategy,
    @Nullable JsonObject configuration,
    @Nullable String namespace) {
  public Cluster(Key key, Status status, Instant createdAt, List<Setting> settings) {
    this(key, status, createdAt, settings, List.of(), List.of(), null, null);
  }

  /** One provider of a strategy; an absent weight or base is 0. */
  public record StrategyItem(String capacityProvider, int weight, int base) {}

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
    return new Cluster(
        key,
        changed,
        createdAt,
        settings,
        capacityProviders,
        defaultStrategy,
        configuration,
        namespace);
  }

  public Cluster with(List<Setting> changed) {
    return new Cluster(
        key,
        status,
        createdAt,
        changed,
        capacityProviders,
        defaultStrategy,
        configuration,
        namespace);
  }

  public Cluster with(List<String> providers, List<StrategyItem> strategy) {
    return new Cluster(
        key, status, createdAt, settings, providers, strategy, configuration, namespace);
  }

  public Cluster configured(@Nullable JsonObject changed, @Nullable String connect) {
    return new Cluster(
        key, status, createdAt, settings, capacityProviders, defaultStrategy, changed, connect);
  }
}
