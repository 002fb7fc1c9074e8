// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.service;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.Region;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Who calls, from where, when: always a parameter, never ambient.
 *
 * @param region of the signature's scope; global services say {@link Region#GLOBAL} themselves
 * @param via the services that make this call for the principal ({@code aws:CalledVia})
 * @param record what the audit will say of the call
 */
public record Call(
    RequestId id,
    Principal principal,
    Region region,
    Instant now,
    Origin origin,
    List<String> via,
    CallRecord record) {
  public Call {
    via = List.copyOf(via);
  }

  /** The caller's account, which owns everything that the call makes. */
  public AccountId account() {
    return principal.account();
  }

  /** This call as a service makes it on, for its caller. */
  public Call via(String service) {
    var chain = new ArrayList<>(via);
    chain.add(service);
    return new Call(id, principal, region, now, origin, chain, record);
  }

  /** An ARN in the caller's account and the call's region. */
  public Arn arn(String service, String resource) {
    return Arn.of(service, region, account(), resource);
  }
}
