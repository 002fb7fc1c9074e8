// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench;

import dev.holdfast.policy.Caller;
import dev.holdfast.policy.Context;
import dev.holdfast.policy.Decision;
import dev.holdfast.policy.Evaluator;
import dev.holdfast.policy.NamedPolicy;
import dev.holdfast.policy.Policies;
import dev.holdfast.policy.PolicyDocument;
import dev.holdfast.policy.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * One decision over a compiled policy whose last statement allows, beside the plain way: the same
 * actions and ARNs as regular expressions, tried in turn.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DecisionBenchmark {
  /** Statements of the policy; half of them speak of the action that is asked for. */
  @Param({"5", "40", "400"})
  public int statements;

  private Policies policies = Policies.NONE;
  private Policies open = Policies.NONE;
  private List<Pattern> patterns = List.of();
  private final Request request =
      new Request(
          Caller.user("123456789012", "arn:aws:iam::123456789012:user/ann", "AIDAEXAMPLE"),
          "ecs:RunTask",
          "arn:aws:ecs:us-east-1:123456789012:task-definition/web:7",
          "123456789012",
          Context.EMPTY);

  private final Request tagged =
      new Request(
          request.caller(),
          request.action(),
          request.resource(),
          "123456789012",
          Context.of(Map.of("aws:PrincipalTag/family", List.of("web"))));

  /** Compiles the policies and the expressions. */
  @Setup
  public void compile() {
    policies = policy("web");
    open = policy("${aws:PrincipalTag/family}");
    patterns = new ArrayList<>();
    for (int i = 0; i < statements; i++) {
      patterns.add(
          Pattern.compile(
              action(i).replace("*", ".*")
                  + " arn:aws:ecs:[^:]*:123456789012:task-definition/"
                  + family(i, "web")
                  + ":.*"));
    }
  }

  private static String action(int statement) {
    return statement % 2 == 0 ? "ecs:RunTask" : "ssm:Get*";
  }

  private String family(int statement, String last) {
    return statement >= statements - 2 ? last : "app" + statement;
  }

  /** A policy whose last statement on the action allows the last family. */
  private Policies policy(String last) {
    var text = new StringBuilder("{\"Version\":\"2012-10-17\",\"Statement\":[");
    for (int i = 0; i < statements; i++) {
      text.append(i == 0 ? "" : ",")
          .append("{\"Effect\":\"Allow\",\"Action\":\"")
          .append(action(i))
          .append("\",\"Resource\":\"arn:aws:ecs:*:123456789012:task-definition/")
          .append(family(i, last))
          .append(":*\"}");
    }
    return Policies.ofIdentity(
        List.of(
            new NamedPolicy(
                "p",
                PolicyDocument.parse(text.append("]}").toString(), PolicyDocument.Kind.IDENTITY))));
  }

  @Benchmark
  public Decision compiled() {
    return Evaluator.decide(policies, request);
  }

  /** The same by a policy variable. */
  @Benchmark
  public Decision withVariable() {
    return Evaluator.decide(open, tagged);
  }

  @Benchmark
  public boolean regularExpressions() {
    String asked = request.action() + " " + request.resource();
    for (Pattern pattern : patterns) {
      if (pattern.matcher(asked).matches()) {
        return true;
      }
    }
    return false;
  }
}
