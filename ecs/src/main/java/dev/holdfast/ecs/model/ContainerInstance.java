// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.model;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.Region;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A host as one cluster sees it.
 *
 * @param host the row whose capacity it offers
 * @param document attributes and version info as the agent gave them
 * @param custom attributes that PutAttributes gave it, an absent value as the empty text
 * @param counter the last sequence number sent to the agent; never falls
 */
public record ContainerInstance(
    Key key,
    String host,
    @Nullable Binding binding,
    Status status,
    Instant registeredAt,
    JsonObject document,
    long counter,
    long version,
    Map<String, String> custom) {
  /** What a binding to a session of a role begins with. */
  public static final String SESSION = "session/";

  public ContainerInstance(
      Key key,
      String host,
      @Nullable Binding binding,
      Status status,
      Instant registeredAt,
      JsonObject document,
      long counter,
      long version) {
    this(key, host, binding, status, registeredAt, document, counter, version, Map.of());
  }

  /** An instance's place. */
  public record Key(AccountId account, Region region, String cluster, String id) {
    /** The place that an ARN names, or empty where it names no instance. */
    public static Optional<Key> of(Arn arn) {
      String[] parts = arn.resource().split("/", -1);
      AccountId account = AccountId.parse(arn.account()).orElse(null);
      Region region = Region.parse(arn.region()).orElse(null);
      return arn.service().equals("ecs")
              && parts.length == 3
              && parts[0].equals("container-instance")
              && account != null
              && region != null
          ? Optional.of(new Key(account, region, parts[1], parts[2]))
          : Optional.empty();
    }

    public Arn arn() {
      return Arn.of("ecs", region, account, "container-instance/" + cluster + "/" + id);
    }

    public Cluster.Key clusterKey() {
      return new Cluster.Key(account, region, cluster);
    }

    public List<String> segments() {
      return List.of(region.name(), cluster, id);
    }
  }

  /**
   * Who registered it, and may act as it: the principal's unique id. Null where the host is one of
   * the platform's own, to which it is bound.
   *
   * @param accessKeyId of a user; {@code session/} and its name for a session of a role; empty for
   *     any session of the principal
   */
  public record Binding(String principal, String accessKeyId) {}

  /** AWS's words. */
  public enum Status {
    ACTIVE,
    DRAINING,
    INACTIVE
  }

  public boolean local() {
    return host.equals(Host.LOCAL);
  }

  /**
   * Whether its host is one of the platform's own, the local one or one that joined, which are
   * offered to every cluster; else an agent registered it.
   */
  public boolean offered() {
    return local() || binding == null;
  }

  public ContainerInstance with(Status changed) {
    return new ContainerInstance(
        key, host, binding, changed, registeredAt, document, counter, version + 1, custom);
  }

  /** Registered anew: an agent that starts again ends no draining. */
  public ContainerInstance registered(Binding by, JsonObject what) {
    return new ContainerInstance(
        key, host, by, status, registeredAt, what, counter, version + 1, custom);
  }

  /** With the next sequence number drawn. */
  public ContainerInstance counted(long by) {
    return new ContainerInstance(
        key, host, binding, status, registeredAt, document, counter + by, version, custom);
  }

  public ContainerInstance with(Map<String, String> attributes) {
    return new ContainerInstance(
        key, host, binding, status, registeredAt, document, counter, version + 1, attributes);
  }

  /** This fresh instance with what the operator said of its host. */
  public ContainerInstance fresh(Map<String, String> attributes) {
    return new ContainerInstance(
        key, host, binding, status, registeredAt, document, counter, version, attributes);
  }

  /** All attributes: the agent's, and those that were put beside them. */
  public Map<String, String> attributes() {
    var all = registeredAttributes();
    all.putAll(custom);
    return all;
  }

  /** The attributes that came with a registration. */
  public Map<String, String> registeredAttributes() {
    var all = new LinkedHashMap<String, String>();
    for (JsonValue item : document.array("attributes")) {
      String name = item instanceof JsonObject object ? object.string("name") : null;
      if (item instanceof JsonObject object && name != null) {
        String value = object.string("value");
        all.put(name, value == null ? "" : value);
      }
    }
    return all;
  }
}
