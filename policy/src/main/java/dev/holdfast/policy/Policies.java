// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All documents that bear on one request.
 *
 * @param identity of the user and its groups, or of the role; empty for callers without identity
 * @param boundary the permissions boundary of the user or role, or null
 * @param session the session policies, null where the session was made without any; an empty list
 *     allows nothing
 * @param resources the policies of the resource; for {@link Gate#ROLE_TRUST} the trust policy, for
 *     a key its policy and the grants that speak for the caller, for a repository also its
 *     registry's
 * @param serviceControl levels from the root of the organisation to the account; each must allow
 * @param resourceControl levels likewise; only their Deny statements count
 */
public record Policies(
    List<NamedPolicy> identity,
    @Nullable NamedPolicy boundary,
    @Nullable List<NamedPolicy> session,
    List<NamedPolicy> resources,
    Gate gate,
    List<List<NamedPolicy>> serviceControl,
    List<List<NamedPolicy>> resourceControl) {

  public static final Policies NONE =
      new Policies(List.of(), null, null, List.of(), Gate.NONE, List.of(), List.of());

  public Policies {
    identity = List.copyOf(identity);
    session = session == null ? null : List.copyOf(session);
    resources = List.copyOf(resources);
    serviceControl = List.copyOf(serviceControl);
    resourceControl = List.copyOf(resourceControl);
  }

  /** Identity policies alone. */
  public static Policies ofIdentity(List<NamedPolicy> identity) {
    return NONE.withIdentity(identity);
  }

  public Policies withIdentity(List<NamedPolicy> policies) {
    return new Policies(
        policies, boundary, session, resources, gate, serviceControl, resourceControl);
  }

  public Policies withBoundary(@Nullable NamedPolicy policy) {
    return new Policies(
        identity, policy, session, resources, gate, serviceControl, resourceControl);
  }

  public Policies withSession(@Nullable List<NamedPolicy> policies) {
    return new Policies(
        identity, boundary, policies, resources, gate, serviceControl, resourceControl);
  }

  public Policies withResource(@Nullable NamedPolicy policy, Gate kind) {
    return withResources(policy == null ? List.of() : List.of(policy), kind);
  }

  /** Several policies of the resource: a Deny of any denies, an Allow of any allows. */
  public Policies withResources(List<NamedPolicy> policies, Gate kind) {
    return new Policies(
        identity, boundary, session, policies, kind, serviceControl, resourceControl);
  }

  public Policies withServiceControl(List<List<NamedPolicy>> levels) {
    return new Policies(identity, boundary, session, resources, gate, levels, resourceControl);
  }

  public Policies withResourceControl(List<List<NamedPolicy>> levels) {
    return new Policies(identity, boundary, session, resources, gate, serviceControl, levels);
  }

  /** The first policy of the resource, or null where it has none. */
  public @Nullable NamedPolicy resource() {
    return resources.isEmpty() ? null : resources.getFirst();
  }

  /** The layer the resource's policy counts as. */
  Layer resourceLayer() {
    return gate == Gate.ROLE_TRUST ? Layer.ROLE_TRUST : Layer.RESOURCE;
  }
}
