// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench;

import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.policy.Caller;
import dev.holdfast.policy.Context;
import dev.holdfast.policy.Decision;
import dev.holdfast.policy.Evaluator;
import dev.holdfast.policy.NamedPolicy;
import dev.holdfast.policy.Policies;
import dev.holdfast.policy.PolicyDocument;
import dev.holdfast.policy.Request;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Group;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * What a change of a policy costs: reading and compiling a document of 6,144 characters, the most
 * that a managed policy may have, beside parsing it as JSON alone; and decisions by the newest one
 * while another thread does nothing but change it.
 */
@State(Scope.Group)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PolicyChangeBenchmark {
  private static final int LONGEST = 6_144;

  private final String text = text();
  private final Request request =
      new Request(
          Caller.user("123456789012", "arn:aws:iam::123456789012:user/ann", "AIDAEXAMPLE"),
          "ecs:RunTask",
          "arn:aws:ecs:us-east-1:123456789012:task-definition/web:7",
          "123456789012",
          Context.EMPTY);
  private volatile Policies newest = compiled();

  private static String text() {
    var statements = new StringBuilder();
    String last =
        "{\"Effect\":\"Allow\",\"Action\":\"ecs:RunTask\",\"Resource\":\"arn:aws:ecs:*:*:task-definition/web:*\"}]}";
    String head = "{\"Version\":\"2012-10-17\",\"Statement\":[";
    for (int i = 0; ; i++) {
      String next =
          "{\"Effect\":\"Allow\",\"Action\":[\"ssm:GetParameter\",\"ssm:PutParameter\"],\"Resource\":\"arn:aws:ssm:*:123456789012:parameter/app%d/*\",\"Condition\":{\"StringEquals\":{\"aws:ResourceTag/team\":\"t%d\"}}},"
              .formatted(i, i);
      if (head.length() + statements.length() + next.length() + last.length() > LONGEST) {
        return head + statements + last;
      }
      statements.append(next);
    }
  }

  private Policies compiled() {
    return Policies.ofIdentity(
        List.of(new NamedPolicy("p", PolicyDocument.parse(text, PolicyDocument.Kind.IDENTITY))));
  }

  /** Reads and compiles. */
  @Benchmark
  @Group("compile")
  public Policies compile() {
    return compiled();
  }

  /** The JSON alone. */
  @Benchmark
  @Group("json")
  public JsonValue json() {
    return Json.parse(text);
  }

  /** A decision while nothing changes. */
  @Benchmark
  @Group("still")
  public Decision decideStill() {
    return Evaluator.decide(newest, request);
  }

  /** A decision while the policy changes all the time. */
  @Benchmark
  @Group("changing")
  public Decision decideWhileChanging() {
    return Evaluator.decide(newest, request);
  }

  /** The change. */
  @Benchmark
  @Group("changing")
  public Policies change() {
    Policies made = compiled();
    newest = made;
    return made;
  }
}
