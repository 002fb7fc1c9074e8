// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench.peers;

import com.cedarpolicy.BasicAuthorizationEngine;
import com.cedarpolicy.model.AuthorizationRequest;
import com.cedarpolicy.model.entity.Entity;
import com.cedarpolicy.model.policy.Policy;
import com.cedarpolicy.model.policy.PolicySet;
import com.cedarpolicy.value.EntityTypeName;
import com.cedarpolicy.value.EntityUID;
import com.cedarpolicy.value.PrimString;
import dev.holdfast.policy.Caller;
import dev.holdfast.policy.Context;
import dev.holdfast.policy.Evaluator;
import dev.holdfast.policy.NamedPolicy;
import dev.holdfast.policy.Policies;
import dev.holdfast.policy.PolicyDocument;
import dev.holdfast.policy.Request;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.LinkedHashSet;
import java.util.concurrent.TimeUnit;
import org.casbin.jcasbin.main.Enforcer;
import org.casbin.jcasbin.model.Model;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * One decision over the same policy in three engines: so many statements, of which the last alone
 * allows; each names an action and a family of task definitions by a wildcard. Each answers yes, and
 * no to another family: the set-up sees to it. What each engine can prepare is prepared.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PeersBenchmark {
  private static final String CALLER = "arn:aws:iam::123456789012:user/ann";
  private static final String FAMILIES = "arn:aws:ecs:us-east-1:123456789012:task-definition/";

  @Param({"5", "40", "400"})
  public int statements;

  private Policies policies = Policies.NONE;
  private final BasicAuthorizationEngine cedar = new BasicAuthorizationEngine();
  private PolicySet set = new PolicySet();
  private Enforcer casbin;

  /** Compiles the policy for each. */
  @Setup
  public void compile() throws Exception {
    var text = new StringBuilder("{\"Version\":\"2012-10-17\",\"Statement\":[");
    Set<Policy> cedarPolicies = new LinkedHashSet<>();
    Model model = new Model();
    model.addDef("r", "r", "sub, act, obj");
    model.addDef("p", "p", "sub, act, obj");
    model.addDef("e", "e", "some(where (p.eft == allow))");
    model.addDef("m", "m", "r.sub == p.sub && r.act == p.act && keyMatch(r.obj, p.obj)");
    casbin = new Enforcer(model);
    for (int i = 0; i < statements; i++) {
      String action = i % 2 == (statements - 1) % 2 ? "ecs:RunTask" : "ssm:GetParameter";
      String family = FAMILIES + (i == statements - 1 ? "web" : "app" + i) + ":*";
      text.append(i == 0 ? "" : ",")
          .append("{\"Effect\":\"Allow\",\"Action\":\"" + action + "\",\"Resource\":\"" + family)
          .append("\"}");
      cedarPolicies.add(
          new Policy(
              "permit(principal == User::\"" + CALLER + "\", action == Action::\"" + action
                  + "\", resource) when { resource.arn like \"" + family + "\" };",
              "p" + i));
      casbin.addPolicy(CALLER, action, family);
    }
    policies =
        Policies.ofIdentity(
            List.of(
                new NamedPolicy(
                    "p",
                    PolicyDocument.parse(
                        text.append("]}").toString(), PolicyDocument.Kind.IDENTITY))));
    set = new PolicySet(cedarPolicies);
    set.cache();
    for (boolean yes : new boolean[] {true, false}) {
      String resource = FAMILIES + (yes ? "web" : "none") + ":7";
      if (holdfast(resource) != yes || cedar(resource) != yes || casbin(resource) != yes) {
        throw new IllegalStateException("the engines do not decide alike: " + resource);
      }
    }
  }

  private boolean holdfast(String resource) {
    var caller = Caller.user("123456789012", CALLER, "AIDAEXAMPLE");
    return Evaluator.decide(
            policies, new Request(caller, "ecs:RunTask", resource, "123456789012", Context.EMPTY))
        .allowed();
  }

  private static EntityUID uid(String type, String id) {
    return new EntityUID(EntityTypeName.parse(type).orElseThrow(), id);
  }

  private boolean cedar(String resource) throws Exception {
    var asked = new Entity(uid("Task", resource), Map.of("arn", new PrimString(resource)), Set.of());
    var request =
        new AuthorizationRequest(
            uid("User", CALLER), uid("Action", "ecs:RunTask"), asked.getEUID(), Map.of());
    return cedar.isAuthorized(request, set, Set.of(asked)).success.orElseThrow().isAllowed();
  }

  private boolean casbin(String resource) {
    return casbin.enforce(CALLER, "ecs:RunTask", resource);
  }

  @Benchmark
  public boolean holdfast() {
    return holdfast(FAMILIES + "web:7");
  }

  @Benchmark
  public boolean cedar() throws Exception {
    return cedar(FAMILIES + "web:7");
  }

  @Benchmark
  public boolean casbin() {
    return casbin(FAMILIES + "web:7");
  }
}
