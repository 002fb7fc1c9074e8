// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ssm;

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
import java.util.Optional;

/** An installation without roles for machines. */
record NoMachines() implements MachineRoles {
  @Override
  public List<AccountId> accounts(View view) {
    return List.of();
  }

  @Override
  public boolean trusts(View view, Arn role, Arn source) {
    return false;
  }

  @Override
  public Optional<Principal.Identity> identity(View view, Arn role) {
    return Optional.empty();
  }

  @Override
  public Optional<Session> open(Arn role, String name, Duration life, Arn source) {
    return Optional.empty();
  }

  @Override
  public void end(Tx tx, AccountId account, Collection<String> sessionIds, Instant now) {}
}
