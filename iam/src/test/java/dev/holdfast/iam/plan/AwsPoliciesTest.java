// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.holdfast.iam.model.ManagedPolicy;
import dev.holdfast.policy.PolicyDocument;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class AwsPoliciesTest {

  @TestFactory
  Stream<DynamicTest> eachDocumentIsOneThatTheEngineTakes() {
    return AwsPolicies.all().stream()
        .map(
            policy ->
                DynamicTest.dynamicTest(
                    policy.name(),
                    () ->
                        assertThatCode(
                                () ->
                                    PolicyDocument.parse(
                                        policy.inForce().document(), PolicyDocument.Kind.IDENTITY))
                            .doesNotThrowAnyException()));
  }

  @Test
  void eachIsFoundByItsArnInTheVersionThatAwsHasInForce() {
    assertThat(AwsPolicies.all())
        .hasSizeGreaterThan(30)
        .allMatch(policy -> AwsPolicies.find(AwsPolicies.arn(policy)).orElseThrow().equals(policy));
    ManagedPolicy policy =
        AwsPolicies.find("arn:aws:iam::aws:policy/AmazonECS_FullAccess").orElseThrow();
    assertThat(policy.defaultVersion()).isEqualTo("v21");
    assertThat(policy.inForce().document()).contains("ecs:*");
  }

  @Test
  void whatAwsDoesNotHaveIsNotFound() {
    assertThat(AwsPolicies.find("arn:aws:iam::aws:policy/HoldfastAccess")).isEmpty();
    assertThat(AwsPolicies.find("arn:aws:iam::aws:policy/service-role/AdministratorAccess"))
        .isEmpty();
  }
}
