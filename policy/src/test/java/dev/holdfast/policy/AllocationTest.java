// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is allowed is allowed without an object made for it. */
class AllocationTest {
  private static final int DECISIONS = 20_000;

  @ParameterizedTest(name = "{0} of {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "{}|x",
        "{'StringEquals':{'x:a':['a','b']}}|b",
        "{'StringEqualsIgnoreCase':{'x:a':['A','b']}}|a",
        "{'StringNotLike':{'x:a':['a*','b?d']}}|bac",
        "{'StringLikeIfExists':{'x:a':['a*','b?c']}}|bac",
        "{'NumericLessThanEquals':{'x:a':'4096'}}|512",
        "{'NumericNotEquals':{'x:a':['1','2']}}|3",
        "{'DateLessThan':{'x:a':'2027-01-01T00:00:00Z'}}|2026-05-01T10:00:00Z",
        "{'DateGreaterThan':{'x:a':'2026-01-01'}}|1777629600",
        "{'Bool':{'x:a':true}}|true",
        "{'Null':{'x:a':false}}|x",
        "{'IpAddress':{'x:a':['192.0.2.0/24','10.0.0.0/8']}}|10.1.2.3",
        "{'ArnLike':{'x:a':'arn:aws:iam::*:user/*'}}|arn:aws:iam::111122223333:user/a",
        "{'ForAllValues:StringEquals':{'x:a':['a','b']}}|a",
        "{'StringEquals':{'x:a':['z','${x:b}-${x:t}']}}|b-t",
        "{'StringLike':{'x:a':'?-${x:b}*/${x:b}'}}|a-b-c/b",
      })
  void allowsWithoutAllocation(String condition, String value) {
    NamedPolicy policy =
        Cases.identity(
            "{'Effect':'Allow','Action':'ecs:*','Resource':['arn:aws:ecs:*:cluster/${x:none}',"
                + "'arn:aws:ecs:*:clus${x:t}er/*','arn:aws:ecs:eu-*-1:*:cluster/*'],"
                + "'Condition':"
                + condition
                + "}");
    Policies policies =
        Policies.ofIdentity(List.of(policy))
            .withBoundary(policy)
            .withResource(Cases.grants("111122223333"), Gate.NONE);
    Map<String, List<String>> keys =
        Map.of("x:a", List.of(value), "x:b", List.of("b"), "x:t", List.of("t"));
    Context context = keys::get;
    var request = new Request(Cases.BOB, "ecs:RunTask", Cases.CLUSTER, Cases.ACCOUNT, context);
    assertThat(allowed(policies, request)).isEqualTo(DECISIONS);
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    int allowed = allowed(policies, request);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(allowed).isEqualTo(DECISIONS);
    assertThat(allocated).as("bytes for all decisions").isLessThan(DECISIONS);
  }

  private static int allowed(Policies policies, Request request) {
    int allowed = 0;
    for (int i = 0; i < DECISIONS; i++) {
      allowed += Evaluator.decide(policies, request).allowed() ? 1 : 0;
    }
    return allowed;
  }
}
