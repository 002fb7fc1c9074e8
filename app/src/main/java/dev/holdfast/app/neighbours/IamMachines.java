// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.neighbours;

import dev.holdfast.aws.ApiError;
import dev.holdfast.iam.control.Accounts;
import dev.holdfast.iam.control.Sessions;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.service.Principal;
import dev.holdfast.ssm.port.MachineRoles;
import dev.holdfast.store.Tx;
import dev.holdfast.store.View;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Roles and their sessions as managed instances need them. */
public record IamMachines(Sessions sessions) implements MachineRoles {
  @Override
  public List<AccountId> accounts(View view) {
    return Accounts.all(view);
  }

  @Override
  public boolean trusts(View view, Arn role, Arn source) {
    return sessions.trusts(view, role.toString(), SERVICE, source);
  }

  @Override
  public Optional<Principal.Identity> identity(View view, Arn role) {
    return Sessions.role(view, role.toString())
        .map(
            facts ->
                new Principal.Identity(
                    Principal.Kind.ROLE, facts.account(), facts.id(), facts.name(), role));
  }

  @Override
  public Optional<Session> open(Arn role, String name, Duration life, Arn source) {
    try {
      var issued =
          sessions.issueForService(
              new Sessions.ForService(
                  role.toString(), SERVICE, name, Map.of(), null, life, source));
      return Optional.of(
          new Session(
              issued.id(),
              issued.credentials().accessKeyId(),
              issued.credentials().secretAccessKey(),
              String.valueOf(issued.credentials().sessionToken()),
              issued.expires()));
    } catch (ApiError _) {
      return Optional.empty();
    }
  }

  @Override
  public void end(Tx tx, AccountId account, Collection<String> sessionIds, Instant now) {
    sessionIds.forEach(id -> Sessions.end(tx, account, id, now));
  }
}
