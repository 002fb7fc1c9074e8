// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.ApiError;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.Region;
import dev.holdfast.service.Access;
import dev.holdfast.service.AuditEvent;
import dev.holdfast.service.AuditLog;
import dev.holdfast.service.Call;
import dev.holdfast.service.CallRecord;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Origin;
import dev.holdfast.service.Principal;
import dev.holdfast.service.RequestId;
import dev.holdfast.store.Tx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whoever an identity provider vouches for and nobody trusts: what is told of what they ask. */
class StrangersTest {
  private final Fixture f = new Fixture();
  private final List<AuditEvent> told = new ArrayList<>();

  private final AuditLog log =
      new AuditLog() {
        @Override
        public void stage(Tx tx, AccountId account, Region region, AuditEvent event) {
          told.add(event);
        }

        @Override
        public void append(AccountId account, Region region, AuditEvent event) {
          told.add(event);
        }
      };

  private Principal stranger() {
    Arn arn = Arn.parse("arn:aws:iam::" + f.account + ":oidc-provider/issuer.test").orElseThrow();
    return new Principal(
        new Principal.Identity(Principal.Kind.WEB_IDENTITY, f.account, "x", "any", arn),
        "",
        Map.of(),
        null);
  }

  /** The code of the refusal of a call, which ends as at the door. */
  private String refusal(Principal principal) {
    var record = new CallRecord(log, "event", "sts.amazonaws.com", "AssumeRoleWithWebIdentity");
    var call =
        new Call(
            new RequestId("request"),
            principal,
            Region.GLOBAL,
            f.now,
            new Origin("203.0.113.9", "test", true),
            List.of(),
            record);
    try {
      f.iam.guard().require(call, Access.of(Demand.on("ecs:ListClusters")));
      return "";
    } catch (ApiError e) {
      record.end(call, e);
      return e.code();
    }
  }

  @Test
  void whatIsDeniedTooOftenIsNotTold() {
    for (int i = 0; i < 100; i++) {
      assertThat(refusal(stranger())).isEqualTo(i < 20 ? "AccessDenied" : "Throttling");
    }
    assertThat(told).hasSize(20);
  }

  @Test
  void allThatAnAccountsOwnPeopleAreDeniedIsTold() {
    var user =
        new Principal(
            new Principal.Identity(
                Principal.Kind.USER,
                f.account,
                "AIDAX",
                "ann",
                Arn.parse("arn:aws:iam::" + f.account + ":user/ann").orElseThrow()),
            "AKIAX",
            Map.of(),
            null);
    for (int i = 0; i < 100; i++) {
      assertThat(refusal(user)).isEqualTo("AccessDenied");
    }
    assertThat(told).hasSize(100);
  }
}
