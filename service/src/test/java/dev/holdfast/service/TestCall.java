// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.service;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.Region;
import dev.holdfast.store.Tx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Calls of made-up users, and the events that they leave. */
final class TestCall implements AuditLog {
  static final AccountId ACCOUNT = new AccountId("111122223333");

  final List<AuditEvent> appended = new ArrayList<>();

  Call by(String user, String region, String operation) {
    Arn arn = Arn.global("iam", ACCOUNT, "user/" + user);
    var identity = new Principal.Identity(Principal.Kind.USER, ACCOUNT, "AIDA" + user, user, arn);
    return new Call(
        new RequestId("request"),
        new Principal(identity, "AKIAEXAMPLE", Map.of(), null),
        new Region(region),
        Instant.EPOCH,
        new Origin("127.0.0.1", "test", true),
        List.of(),
        new CallRecord(this, "event", "ssm.amazonaws.com", operation));
  }

  static Call by(String user) {
    return new TestCall().by(user, "us-east-1", "DescribeParameters");
  }

  @Override
  public void stage(Tx tx, AccountId account, Region region, AuditEvent event) {
    throw new AssertionError("nothing is committed here");
  }

  @Override
  public void append(AccountId account, Region region, AuditEvent event) {
    appended.add(event);
  }
}
