// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import dev.holdfast.iam.Iam;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Ids;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.Region;
import dev.holdfast.service.AuditLog;
import dev.holdfast.service.Call;
import dev.holdfast.service.CallRecord;
import dev.holdfast.service.Origin;
import dev.holdfast.service.Principal;
import dev.holdfast.service.RequestId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * What the operator does on the machine itself, as calls that the audit trail records: by the
 * operator's role, from no address.
 */
record OperatorCalls(
    Iam iam, AuditLog log, AccountId account, RandomGenerator random, InstantSource clock) {
  /** The event source of what is no AWS operation. */
  static final String SOURCE = "holdfast.internal";

  private static final Origin MACHINE = new Origin("127.0.0.1", "holdfast", true);

  Call call(String source, String name, JsonObject parameters) {
    Instant now = clock.instant();
    var session = iam.accounts().operator(account);
    Principal operator =
        iam.authenticator()
            .principalOf(
                session.credentials().accessKeyId(), session.credentials().sessionToken(), now)
            .orElseThrow();
    var record = new CallRecord(log, Ids.timedUuid(now, random), source, name);
    record.parameters(parameters);
    return new Call(
        new RequestId(Ids.uuid(random)), operator, Region.GLOBAL, now, MACHINE, List.of(), record);
  }
}
