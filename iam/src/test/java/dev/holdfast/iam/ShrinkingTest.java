// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.iam.CreateRoleRequest;
import dev.holdfast.aws.iam.PutRolePolicyRequest;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.aws.sts.AssumeRoleRequest;
import dev.holdfast.aws.sts.AssumeRoleResponse;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is counted of a role beside the audit, of which its least policies are made. */
class ShrinkingTest {
  private final Fixture f = new Fixture();

  @BeforeEach
  void role() {
    f.call(
        f.administrator(),
        CreateRoleRequest.builder()
            .roleName("worker")
            .assumeRolePolicyDocument(
                """
                {"Version":"2012-10-17","Statement":{"Effect":"Allow",\
                "Principal":{"AWS":"%s"},"Action":"sts:AssumeRole"}}\
                """
                    .formatted(f.account))
            .build());
    f.call(
        f.administrator(),
        PutRolePolicyRequest.builder()
            .roleName("worker")
            .policyName("some")
            .policyDocument(
                """
                {"Version":"2012-10-17","Statement":[\
                {"Effect":"Allow","Action":["ecs:*","ecr:*","logs:*"],"Resource":"*"},\
                {"Effect":"Deny","Action":"ecr:PutImage","Resource":"*"}]}\
                """)
            .build());
  }

  private Principal worker() {
    var request =
        AssumeRoleRequest.builder()
            .roleArn("arn:aws:iam::" + f.account + ":role/worker")
            .roleSessionName("work")
            .build();
    var keys =
        Objects.requireNonNull(
            f.call(f.administrator(), request, AssumeRoleResponse.class).credentials());
    return f.principal(
        new Credentials(keys.accessKeyId(), keys.secretAccessKey(), keys.sessionToken()));
  }

  private List<String> used(Instant since) {
    return f.iam.shrinking(f.account, "worker").orElseThrow().propose(since).used();
  }

  @Test
  void whatWasDeniedIsNoUse() {
    Principal worker = worker();
    for (String action : List.of("ecr:PutImage", "kms:ListKeys")) {
      assertThatThrownBy(() -> f.require(worker, Demand.on(action))).isInstanceOf(ApiError.class);
    }
    f.require(worker, Demand.on("ecs:ListClusters"));
    assertThat(used(f.now)).containsExactly("ecs:ListClusters");
  }

  /** A denial that comes later takes nothing away from what was granted before. */
  @Test
  void whatWasGrantedOnceIsAUseUntilItIsTooLongAgo() {
    Instant begin = f.now;
    f.require(worker(), Demand.on("logs:PutLogEvents"));
    f.pass(Duration.ofMinutes(10));
    f.call(
        f.administrator(),
        PutRolePolicyRequest.builder()
            .roleName("worker")
            .policyName("some")
            .policyDocument(
                """
                {"Version":"2012-10-17","Statement":[\
                {"Effect":"Allow","Action":"ecs:*","Resource":"*"}]}\
                """)
            .build());
    Principal worker = worker();
    assertThatThrownBy(() -> f.require(worker, Demand.on("logs:PutLogEvents")))
        .isInstanceOf(ApiError.class);
    assertThat(used(begin)).containsExactly("logs:PutLogEvents");
    assertThat(used(f.now)).isEmpty();
  }
}
