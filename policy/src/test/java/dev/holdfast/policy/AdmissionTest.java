// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.policy.PolicyDocument.Kind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked of a document that is to be saved, and not of one that was. */
class AdmissionTest {
  private static String resource(String resource) {
    return "{\"Statement\":{\"Effect\":\"Deny\",\"Action\":\"*\",\"Resource\":\""
        + resource
        + "\"}}";
  }

  private static String trust(String type, String principal, String action) {
    return "{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"%s\":\"%s\"},\"Action\":\"%s\"}}"
        .formatted(type, principal, action);
  }

  private static void refused(String document, Kind kind, String message) {
    assertThatCode(() -> PolicyDocument.parse(document, kind))
        .as("what was saved goes on to mean what it meant")
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> PolicyDocument.admit(document, kind))
        .isInstanceOf(MalformedPolicy.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "arn:aws-cn:ssm:r:1:parameter/a"
            + "|Partition \"aws-cn\" is not valid for resource \"arn:aws-cn:ssm:r:1:parameter/a\".",
        "arn::ssm:r:1:parameter/a"
            + "|Partition \"\" is not valid for resource \"arn::ssm:r:1:parameter/a\".",
        "arn:aws:iam:eu-west-1:111122223333:role/a"
            + "|IAM resource arn:aws:iam:eu-west-1:111122223333:role/a cannot contain region information.",
      })
  void refusesWhatNamesNothing(String resource, String message) {
    refused(resource(resource), Kind.IDENTITY, message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*",
        "arn:aws:ssm:eu-west-1:111122223333:parameter/a",
        "arn:*:ssm:*:*:parameter/a",
        "arn:aws:iam::111122223333:role/a",
        "arn:aws:iam::*:role/a",
        "arn:aws:iam:*",
      })
  void admitsWhatMayBe(String resource) {
    assertThatCode(() -> PolicyDocument.admit(resource(resource), Kind.IDENTITY))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "AWS|111122223333|sts:TagSessions"
            + "|AssumeRole policy may only specify STS AssumeRole actions.",
        "AWS|111122223333|sts:GetCallerIdentity"
            + "|AssumeRole policy may only specify STS AssumeRole actions.",
        "AWS|arn:aws-cn:iam::111122223333:root|sts:AssumeRole"
            + "|Invalid principal in policy: \"AWS\":\"arn:aws-cn:iam::111122223333:root\"",
        "Federated|hello world|sts:AssumeRoleWithWebIdentity"
            + "|Federated principals must be valid domain names or SAML metadata ARNs",
        "Federated|arn:aws:iam::111122223333:role/r|sts:AssumeRoleWithWebIdentity"
            + "|Federated principals must be valid domain names or SAML metadata ARNs",
      })
  void refusesTrustInNobody(String type, String principal, String action, String message) {
    refused(trust(type, principal, action), Kind.TRUST, message);
  }

  @ParameterizedTest
  @CsvSource({
    "AWS,111122223333,sts:AssumeRole",
    "AWS,111122223333,sts:assume*",
    "AWS,111122223333,sts:*",
    "AWS,111122223333,sts:TagSession",
    "Service,ecs-tasks.amazonaws.com,sts:AssumeRole",
    "Federated,accounts.google.com,sts:AssumeRoleWithWebIdentity",
    "Federated,arn:aws:iam::111122223333:oidc-provider/token.example.com/a,sts:AssumeRoleWithWebIdentity",
    "Federated,arn:aws:iam::111122223333:saml-provider/own,sts:AssumeRoleWithSAML",
  })
  void admitsTrustInSomebody(String type, String principal, String action) {
    assertThatCode(() -> PolicyDocument.admit(trust(type, principal, action), Kind.TRUST))
        .doesNotThrowAnyException();
  }
}
