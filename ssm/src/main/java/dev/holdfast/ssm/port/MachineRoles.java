// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ssm.port;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.service.Principal;
import dev.holdfast.store.Tx;
import dev.holdfast.store.View;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Roles and their sessions as managed instances need them; bound to IAM. */
public interface MachineRoles {
  /** Who assumes the role of a machine. */
  String SERVICE = "ssm.amazonaws.com";

  /** Every account, in which a machine's activation may lie. */
  List<AccountId> accounts(View view);

  /**
   * Whether a role is there and its trust policy lets {@link #SERVICE} assume it.
   *
   * @param source what it would be assumed for ({@code aws:SourceArn})
   */
  boolean trusts(View view, Arn role, Arn source);

  /** The role as the one who acts, or empty where there is none. */
  Optional<Principal.Identity> identity(View view, Arn role);

  /** A session, with its credentials. */
  record Session(
      String id, String accessKeyId, String secretAccessKey, String token, Instant expires) {
    @Override
    public String toString() {
      return "Session[" + id + "]";
    }
  }

  /**
   * Opens a session; empty where the role is gone or does not trust the service any more.
   *
   * @param name the role session name: the machine's id
   */
  Optional<Session> open(Arn role, String name, Duration life, Arn source);

  /** Ends sessions, so that their credentials work no more. */
  void end(Tx tx, AccountId account, Collection<String> sessionIds, Instant now);
}
