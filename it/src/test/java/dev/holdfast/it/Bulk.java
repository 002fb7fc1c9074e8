// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.ssm.SsmModel;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Many things of several kinds, so that a start has something to start over. */
final class Bulk {
  private static final int BUILDERS = 48;
  private static final int SAMPLES = 500;

  private Bulk() {}

  /** Half parameters, the rest users, policies and task definitions. */
  static void build(Writing to, int objects) throws Exception {
    var next = new AtomicInteger();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < BUILDERS; i++) {
        running.add(
            threads.submit(
                () -> {
                  for (int n = next.getAndIncrement(); n < objects; n = next.getAndIncrement()) {
                    make(to, n);
                  }
                  return null;
                }));
      }
      for (Future<?> one : running) {
        one.get();
      }
    }
  }

  private static void make(Writing to, int n) throws IOException, InterruptedException {
    var _ =
        switch (n % 10) {
          case 0, 1 ->
              to.call(IamModel.CREATE_USER, IdentityWrites.tagged("UserName", "bulk-" + n));
          case 2 ->
              to.call(
                  IamModel.CREATE_POLICY,
                  IdentityWrites.tagged("PolicyName", "bulk-" + n)
                      .with("PolicyDocument", Cargo.ALLOW));
          case 3, 4 ->
              to.call(EcsModel.REGISTER_TASK_DEFINITION, TaskWrites.definition("bulk-" + n));
          default ->
              to.call(
                  SsmModel.PUT_PARAMETER,
                  IdentityWrites.tagged("Name", "/bulk/" + n)
                      .with("Type", "String")
                      .with("Value", "v" + n));
        };
  }

  /** Whether all of a sample are there. */
  static void check(Writing from, int objects) throws IOException, InterruptedException {
    for (int i = 0; i < Math.min(SAMPLES, objects); i++) {
      int n = (int) ((long) i * objects / Math.min(SAMPLES, objects));
      JsonObject found =
          switch (n % 10) {
            case 0, 1 -> from.call(IamModel.GET_USER, Wreckable.named("UserName", "bulk-" + n));
            case 2 ->
                from.call(
                    IamModel.GET_POLICY, Wreckable.named("PolicyArn", from.policyArn("bulk-" + n)));
            case 3, 4 ->
                from.call(
                    EcsModel.DESCRIBE_TASK_DEFINITION,
                    Wreckable.named("taskDefinition", "bulk-" + n));
            default -> from.call(SsmModel.GET_PARAMETER, Wreckable.named("Name", "/bulk/" + n));
          };
      assertThat(found.members()).as("object " + n).isNotEmpty();
    }
  }
}
