// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.secrets.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResourcePoliciesTest {
  private static boolean open(String statement) {
    return ResourcePolicies.open(
        "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\","
            + statement.replace('\'', '"')
            + "}}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'Principal':'*'",
        "'Principal':{'AWS':'*'}",
        "'Principal':{'AWS':['111122223333','*']}",
        "'NotPrincipal':{'AWS':'111122223333'}",
        "'Principal':'*','Condition':{'StringEquals':{'aws:PrincipalTag/team':'gold'}}",
        "'Principal':'*','Condition':{'StringEqualsIfExists':{'aws:PrincipalAccount':'111122223333'}}",
        "'Principal':'*','Condition':{'StringNotEquals':{'aws:PrincipalAccount':'111122223333'}}",
        "'Principal':'*','Condition':{'StringLike':{'aws:PrincipalAccount':'*'}}",
        "'Principal':'*','Condition':{'StringEquals':{'aws:PrincipalAccount':['111122223333','*']}}",
        "'Principal':'*','Condition':{'IpAddress':{'aws:SourceIp':'0.0.0.0/0'}}"
      })
  void letsAnybodyIn(String statement) {
    assertThat(open(statement)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'Principal':{'AWS':'111122223333'}",
        "'Principal':{'Service':'ecs-tasks.amazonaws.com'}",
        "'Principal':'*','Condition':{'StringEquals':{'aws:PrincipalAccount':'111122223333'}}",
        "'Principal':'*','Condition':{'IpAddress':{'aws:SourceIp':'192.0.2.0/24'}}"
      })
  void letsInThoseItNames(String statement) {
    assertThat(open(statement)).isFalse();
  }
}
