// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.iam.plan.ExplanationText.Demanded;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.Printable;
import dev.holdfast.policy.Caller;
import dev.holdfast.policy.Context;
import dev.holdfast.policy.Evaluator;
import dev.holdfast.policy.NamedPolicy;
import dev.holdfast.policy.Policies;
import dev.holdfast.policy.PolicyDocument;
import dev.holdfast.policy.Request;
import dev.holdfast.service.Principal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is told of a denial has its bounds, whatever policies hold and calls say. */
class ExplanationBoundsTest {
  private static final AccountId ACCOUNT = new AccountId("123456789012");
  private static final String ANN = "arn:aws:iam::123456789012:user/ann";
  private static final Principal PRINCIPAL =
      new Principal(
          new Principal.Identity(
              Principal.Kind.USER,
              ACCOUNT,
              "AIDAANN",
              "ann",
              Arn.global("iam", ACCOUNT, "user/ann")),
          "AKIAANN",
          Map.of(),
          null);
  private static final String CLUSTER = "arn:aws:ecs:us-east-1:123456789012:cluster/";
  private static final String WAY_OUT = "the way out: ";

  /** Hostile to a terminal, eight times as long once it is written out. */
  private static final String ACTING = "\u202e\u001b[2J\n";

  private static NamedPolicy policy(String name, String statements) {
    String document = "{\"Version\":\"2012-10-17\",\"Statement\":[" + statements + "]}";
    return new NamedPolicy(name, PolicyDocument.parse(document, PolicyDocument.Kind.IDENTITY));
  }

  private static String many(int count, String statement) {
    return IntStream.range(0, count)
        .mapToObj(i -> statement.replace("#", Integer.toString(i)))
        .collect(Collectors.joining(","));
  }

  private static Request request(String resource, Context context) {
    return new Request(
        Caller.user(ACCOUNT.digits(), ANN, "AIDAANN"),
        "ecs:RunTask",
        resource,
        ACCOUNT.digits(),
        context);
  }

  private static Demanded demanded(Policies policies, Request request) {
    return new Demanded(request, Evaluator.explain(policies, request));
  }

  /** The explanation and the message of a denial; both are bounded, and no line is made up. */
  private static String told(List<Demanded> demanded) {
    String text = ExplanationText.of("id", Instant.EPOCH, demanded, true);
    assertThat(text.length()).isLessThanOrEqualTo(ExplanationText.MOST);
    assertThat(text.codePoints().filter(c -> c != '\n').anyMatch(Printable::acts)).isFalse();
    Demanded first = demanded.getFirst();
    String message = AuthorizationMessage.of(PRINCIPAL, first.request(), first.explanation());
    assertThat(message.length()).isLessThanOrEqualTo(ExplanationText.MOST);
    assertThat(Json.parseObject(message).get("allowed")).isNotNull();
    return text;
  }

  private static String told(Policies policies, Request request) {
    return told(List.of(demanded(policies, request)));
  }

  @Test
  void aDenyIsToldThoughThousandsOfStatementsStandBeforeIt() {
    String statement =
        "{\"Sid\":\"S#\",\"Effect\":\"Allow\",\"Action\":\"ecs:*\",\"Resource\":\"arn:aws:ecs:*:*:cluster/#\"}";
    var policies = new ArrayList<NamedPolicy>();
    for (int i = 0; i < 40; i++) {
      policies.add(policy("p" + i, many(100, statement)));
    }
    policies.add(
        policy("last", "{\"Sid\":\"No\",\"Effect\":\"Deny\",\"Action\":\"*\",\"Resource\":\"*\"}"));
    String text = told(Policies.ofIdentity(policies), request("*", Context.EMPTY));
    assertThat(text)
        .contains("verdict: denied", "  more of them are not shown\n", WAY_OUT)
        .contains("about `last` statement 1 (No)");
  }

  @Test
  void whatMatchesInThousandsIsToldInTheMessageAsFarAsItFits() {
    String statement =
        "{\"Sid\":\"S#\",\"Effect\":\"Deny\",\"Action\":\"ecs:*\",\"Resource\":\"*\"}";
    var policies = new ArrayList<NamedPolicy>();
    for (int i = 0; i < 40; i++) {
      policies.add(policy("p" + i, many(100, statement)));
    }
    Request request = request("*", Context.EMPTY);
    Demanded demanded = demanded(Policies.ofIdentity(policies), request);
    told(List.of(demanded));
    String message = AuthorizationMessage.of(PRINCIPAL, request, demanded.explanation());
    assertThat(Json.parseObject(message).isTrue("explicitDeny")).isTrue();
    assertThat(message).contains("\"statementId\":\"S0\"").doesNotContain("S3999");
  }

  @Test
  void policiesThatSayNothingOnTheActionAreNotAllNamed() {
    var policies = new ArrayList<NamedPolicy>();
    for (int i = 0; i < 1_000; i++) {
      policies.add(
          policy(
              "n".repeat(128) + i + " (inline, of the group " + "g".repeat(128) + ")",
              "{\"Effect\":\"Allow\",\"Action\":\"s3:Get\",\"Resource\":\"*\"}"));
    }
    String text = told(Policies.ofIdentity(policies), request("*", Context.EMPTY));
    assertThat(text)
        .contains("no statement covers this action", "  more of them are not shown\n")
        .contains("no statement of any policy covers this action", "\"ecs:RunTask\"");
  }

  @Test
  void thousandsOfConditionKeysAreNotAllNamed() {
    var policies = new ArrayList<NamedPolicy>();
    for (int i = 0; i < 20; i++) {
      policies.add(
          policy(
              "p" + i,
              many(
                  100,
                  "{\"Effect\":\"Allow\",\"Action\":\"ecs:*\",\"Resource\":\"*\",\"Condition\":{\"StringEquals\":{\"aws:RequestTag/k"
                      + i
                      + "-#\":\"v\"}}}")));
    }
    Context tagged = key -> List.of("w".repeat(256));
    assertThat(told(Policies.ofIdentity(policies), request("*", tagged)))
        .contains(
            "values that were compared:\n  aws:requesttag/k0-0 = www",
            "the smallest statement that would allow it");
    assertThat(told(Policies.ofIdentity(policies), request("*", Context.EMPTY)))
        .contains(" = absent\n");
  }

  @Test
  void hugeValuesAreCutOnBothSides() {
    String wanted =
        IntStream.range(0, 900)
            .mapToObj(i -> "\"" + "p".repeat(100) + i + "\"")
            .collect(Collectors.joining(","));
    var policies =
        Policies.ofIdentity(
            List.of(
                policy(
                    "p",
                    "{\"Effect\":\"Allow\",\"Action\":\"ecs:*\",\"Resource\":\"*\",\"Condition\":{\"StringEquals\":{\"aws:RequestTag/k\":["
                        + wanted
                        + "]}}}")));
    Context call = key -> List.of(ACTING.repeat(100_000), "x".repeat(1_000_000));
    assertThat(told(policies, request("*", call)))
        .contains("does not hold: StringEquals aws:RequestTag/k; the policy says `ppp", "...`")
        .doesNotContain("x".repeat(513), "p".repeat(101));
  }

  @Test
  void namesThatAreWrittenOutAreBoundedToo() {
    String sid = "s".repeat(20_000);
    var policies =
        Policies.ofIdentity(
            List.of(
                policy(
                    ACTING.repeat(10_000),
                    "{\"Sid\":\""
                        + sid
                        + "\",\"Effect\":\"Deny\",\"Action\":\"ecs:*\",\"Resource\":\"*\"}")));
    String text = told(policies, request(ACTING.repeat(50_000), Context.EMPTY));
    assertThat(text).contains("resource: \\u{202e}\\e[2J\\n", "ask whoever administers IAM");
    assertThat(text.lines()).noneMatch(line -> line.startsWith("[2J"));
  }

  /** RunTask with all that it may demand: the way out is told as far as it fits, and no further. */
  @Test
  void manyDemandsHaveOneBound() {
    var demanded = new ArrayList<Demanded>();
    for (int i = 0; i < 26; i++) {
      demanded.add(
          demanded(Policies.NONE, request(CLUSTER + "$".repeat(1_000) + i, Context.EMPTY)));
    }
    assertThat(told(demanded)).contains("all of them together", "  more of them are not shown\n");
  }

  /** The counterpart: what is not much is told in full. */
  @Test
  void whatFitsIsToldInFull() {
    var policies =
        Policies.ofIdentity(
            List.of(
                policy(
                    "p",
                    many(
                        50,
                        "{\"Sid\":\"S#\",\"Effect\":\"Allow\",\"Action\":\"ecs:*\",\"Resource\":\"arn:aws:ecs:*:*:cluster/#\"}"))));
    String value = "v".repeat(512);
    Context call = key -> List.of(value);
    var conditional =
        Policies.ofIdentity(
            List.of(
                policy(
                    "p",
                    "{\"Effect\":\"Allow\",\"Action\":\"ecs:*\",\"Resource\":\"*\",\"Condition\":{\"StringEquals\":{\"aws:RequestTag/k\":\"w\"}}}")));
    assertThat(told(policies, request("*", Context.EMPTY)))
        .contains("(S0), Allow: names other resources", "(S49), Allow: names other resources")
        .doesNotContain("not shown");
    assertThat(told(conditional, request("*", call))).contains("the call `" + value + "`");
  }
}
