// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.service;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Region;
import dev.holdfast.store.Tx;

/** Where audit events go. */
public interface AuditLog {

  /** Puts the event of a mutation into the mutation's own commit. */
  void stage(Tx tx, AccountId account, Region region, AuditEvent event);

  /** Keeps the event of a read or of a refusal; durable within 100 ms. */
  void append(AccountId account, Region region, AuditEvent event);
}
