// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kit.Json;
import dev.holdfast.policy.Shrink.Use;
import dev.holdfast.service.AuditEvent;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the audit tells of a role, and what it does not. */
class UsesOfRoleTest {
  private static final String KEY = "arn:aws:kms:r:1:key/k";

  private final UsesOfRole uses = new UsesOfRole("AROA1");

  private static AuditEvent event(String name, List<String> resources, String granted) {
    return told(name, resources, "\"additionalEventData\":{\"granted\":" + granted + "}");
  }

  private static AuditEvent failed(String name, List<String> resources, String code) {
    return told(name, resources, "\"errorCode\":\"" + code + "\"");
  }

  private static AuditEvent told(String name, List<String> resources, String more) {
    String document = "{\"userIdentity\":{\"principalId\":\"AROA1:work\"}," + more + "}";
    return new AuditEvent(
        "e",
        Instant.EPOCH,
        "ssm.amazonaws.com",
        name,
        true,
        "work",
        "ASIA",
        resources,
        Json.parseObject(document));
  }

  @Test
  void anActionWhoseResourcesWereLeftOutIsUnresolvedAndOthersAreNot() {
    uses.see(
        event(
            "GetParameters",
            List.of("p"),
            "{\"ssm:GetParameters\":{\"omitted\":true},\"kms:Decrypt\":[\"" + KEY + "\"]}"));
    assertThat(uses.unresolved()).containsExactly("ssm:GetParameters");
    assertThat(uses.uses()).containsOnlyKeys(new Use("kms:Decrypt", KEY));
  }

  @Test
  void whereNoActionIsToldNothingIsKnownForSure() {
    uses.see(event("GetParameters", List.of(), "{\"omitted\":true,\"reason\":\"large\"}"));
    uses.see(event("GetParameter", List.of("p"), "null"));
    assertThat(uses.unresolved())
        .containsExactlyInAnyOrder("ssm:GetParameters", "ssm:GetParameter");
  }

  @Test
  void whatIsCountedAndIsNotInTheAuditIsUnresolved() {
    uses.see(event("GetParameter", List.of("p"), "null"));
    uses.used("ssm:GetParameter");
    uses.used("ecr:PutImage");
    assertThat(uses.unresolved()).containsExactly("ecr:PutImage");
    uses.incomplete();
    assertThat(uses.unresolved()).containsExactlyInAnyOrder("ecr:PutImage", "ssm:GetParameter");
  }

  /** What failed before anybody was asked has no resources: it was granted nothing. */
  @Test
  void aCallThatFailedBeforeItsDecisionIsNoUse() {
    uses.see(failed("DescribeDocument", List.of(), "UnknownOperationException"));
    uses.see(failed("GetParameter", List.of("p"), "AccessDeniedException"));
    assertThat(uses.uses()).isEmpty();
    assertThat(uses.calls()).isZero();
    uses.see(failed("GetParameter", List.of("p"), "ParameterNotFound"));
    uses.see(event("DescribeParameters", List.of(), "null"));
    assertThat(uses.uses())
        .containsOnlyKeys(new Use("ssm:GetParameter", "p"), new Use("ssm:DescribeParameters", "*"));
  }

  /** What is asked of guardrails alone is in no policy. */
  @Test
  void whatNoPolicyIsAskedIsNoUse() {
    uses.see(
        event(
            "GetParametersByPath",
            List.of("path", "p"),
            "{\"ssm:GetParametersByPath\":[\"path\"],\"holdfast:RevealParameter\":[\"p\"]}"));
    uses.used("holdfast:RevealParameter");
    assertThat(uses.uses()).containsOnlyKeys(new Use("ssm:GetParametersByPath", "path"));
    assertThat(uses.unresolved()).isEmpty();
  }
}
