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
 * @param resource the policy of the resource; for {@link Gate#ROLE_TRUST} the trust policy
 * @param serviceControl levels from the root of the organisation to the account; each must allow
 * @param resourceControl levels likewise; only their Deny statements count
 */
public record Policies(
    List<NamedPolicy> identity,
    @Nullable NamedPolicy boundary,
    @Nullable List<NamedPolicy> session,
    @Nullable NamedPolicy resource,
    Gate gate,
    List<List<NamedPolicy>> serviceControl,
    List<List<NamedPolicy>> resourceControl) {

  public static final Policies NONE =
      new Policies(List.of(), null, null, null, Gate.NONE, List.of(), List.of());

  public Policies {
    identity = List.copyOf(identity);
    session = session == null ? null : List.copyOf(session);
    serviceControl = List.copyOf(serviceControl);
    resourceControl = List.copyOf(resourceControl);
  }

  /** Identity policies alone. */
  public static Policies ofIdentity(List<NamedPolicy> identity) {
    return NONE.withIdentity(identity);
  }

  public Policies withIdentity(List<NamedPolicy> policies) {
    return new Policies(
        policies, boundary, session, resource, gate, serviceControl, resourceControl);
  }

  public Policies withBoundary(@Nullable NamedPolicy policy) {
    return new Policies(identity, policy, session, resource, gate, serviceControl, resourceControl);
  }

  public Policies withSession(@Nullable List<NamedPolicy> policies) {
    return new Policies(
        identity, boundary, policies, resource, gate, serviceControl, resourceControl);
  }

  public Policies withResource(@Nullable NamedPolicy policy, Gate kind) {
    return new Policies(identity, boundary, session, policy, kind, serviceControl, resourceControl);
  }

  public Policies withServiceControl(List<List<NamedPolicy>> levels) {
    return new Policies(identity, boundary, session, resource, gate, levels, resourceControl);
  }

  public Policies withResourceControl(List<List<NamedPolicy>> levels) {
    return new Policies(identity, boundary, session, resource, gate, serviceControl, levels);
  }

  /** The layer the resource's policy counts as. */
  Layer resourceLayer() {
    return gate == Gate.ROLE_TRUST ? Layer.ROLE_TRUST : Layer.RESOURCE;
  }
}
