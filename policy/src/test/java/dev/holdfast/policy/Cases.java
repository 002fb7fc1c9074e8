// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy;

import dev.holdfast.policy.PolicyDocument.Kind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Callers, documents and requests that the tests share. */
final class Cases {
  static final String ACCOUNT = "111122223333";
  static final String OTHER = "444455556666";
  static final String BOB_ARN = "arn:aws:iam::111122223333:user/ops/bob";
  static final String ROLE_ARN = "arn:aws:iam::111122223333:role/app/deployer";
  static final String SESSION_ARN = "arn:aws:sts::111122223333:assumed-role/deployer/s1";
  static final String CLUSTER = "arn:aws:ecs:eu-west-1:111122223333:cluster/prod";
  static final Caller BOB = Caller.user(ACCOUNT, BOB_ARN, "AIDABOBBOBBOBBOBBOB12");
  static final Caller DEPLOYER =
      Caller.roleSession(ACCOUNT, SESSION_ARN, ROLE_ARN, "AROADEPLOYERDEPLOY12");

  private Cases() {}

  /** A 2012 document of one statement; single quotes stand for double ones. */
  static NamedPolicy policy(Kind kind, String statements) {
    String json = "{'Version':'2012-10-17','Statement':" + statements + "}";
    return new NamedPolicy("p", PolicyDocument.parse(json.replace('\'', '"'), kind));
  }

  static NamedPolicy identity(String statements) {
    return policy(Kind.IDENTITY, statements);
  }

  static NamedPolicy allow(String action, String resource) {
    return identity("{'Effect':'Allow','Action':'" + action + "','Resource':'" + resource + "'}");
  }

  static NamedPolicy deny(String action, String resource) {
    return identity("{'Effect':'Deny','Action':'" + action + "','Resource':'" + resource + "'}");
  }

  /** A resource policy that allows everything to an AWS principal. */
  static NamedPolicy grants(String principal) {
    return policy(
        Kind.RESOURCE,
        "{'Effect':'Allow','Principal':{'AWS':'" + principal + "'},'Action':'*','Resource':'*'}");
  }

  static Request request(Caller caller, String action, String resource) {
    return new Request(caller, action, resource, ACCOUNT, Context.EMPTY);
  }

  static Request request(String action, String resource) {
    return request(BOB, action, resource);
  }

  static Context context(String... keysAndValues) {
    Map<String, List<String>> values = new HashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      values.put(keysAndValues[i], List.of(keysAndValues[i + 1]));
    }
    return Context.of(values);
  }

  /** Whether an Allow with this Condition element (single quotes) holds in the context. */
  static boolean holds(String condition, Context context) {
    NamedPolicy policy =
        identity("{'Effect':'Allow','Action':'*','Resource':'*','Condition':" + condition + "}");
    var request = new Request(BOB, "ecs:RunTask", "*", ACCOUNT, context);
    return Evaluator.decide(Policies.ofIdentity(List.of(policy)), request).allowed();
  }
}
