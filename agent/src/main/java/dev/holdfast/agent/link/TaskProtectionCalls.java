// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.link;

import dev.holdfast.agent.endpoint.TaskProtection;
import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.agent.RoleCredentials;
import dev.holdfast.aws.client.AwsClient;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.ecs.Failure;
import dev.holdfast.aws.ecs.GetTaskProtectionRequest;
import dev.holdfast.aws.ecs.ProtectedTask;
import dev.holdfast.aws.ecs.UpdateTaskProtectionRequest;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The calls on a task's protection, as the task's role, answered in the words of the ECS agent. */
public final class TaskProtectionCalls implements TaskProtection {
  private final AwsClient client;
  private final String region;

  /**
   * Makes the calls.
   *
   * @param client of the platform; whose credentials does not matter
   * @param region where a task names none
   */
  public TaskProtectionCalls(AwsClient client, String region) {
    this.client = client;
    this.region = region;
  }

  /** What the platform said: of the task, or why not. */
  private record Said(List<ProtectedTask> tasks, List<Failure> failures) {}

  @Override
  public Answer state(
      String taskArn, String clusterArn, RoleCredentials role, @Nullable Wanted wanted)
      throws IOException {
    String where = Arn.parse(taskArn).map(Arn::region).orElse(region);
    AwsClient as = client.as(() -> PlatformCalls.credentials(role), where);
    try {
      Said said =
          wanted == null ? ask(as, taskArn, clusterArn) : tell(as, taskArn, clusterArn, wanted);
      return answer(taskArn, said);
    } catch (ApiError e) {
      return new Answer(
          e.shape().status(),
          JsonObject.EMPTY.with(
              "error",
              JsonObject.EMPTY
                  .with("Arn", taskArn)
                  .with("Code", e.code())
                  .with("Message", e.text())));
    }
  }

  private static Said ask(AwsClient as, String taskArn, String clusterArn) throws IOException {
    var got =
        PlatformCalls.call(
            as,
            EcsModel.GET_TASK_PROTECTION,
            GetTaskProtectionRequest.builder().cluster(clusterArn).tasks(List.of(taskArn)).build());
    return new Said(got.protectedTasks(), got.failures());
  }

  private static Said tell(AwsClient as, String taskArn, String clusterArn, Wanted wanted)
      throws IOException {
    var got =
        PlatformCalls.call(
            as,
            EcsModel.UPDATE_TASK_PROTECTION,
            UpdateTaskProtectionRequest.builder()
                .cluster(clusterArn)
                .tasks(List.of(taskArn))
                .protectionEnabled(wanted.enabled())
                .expiresInMinutes(wanted.expiresInMinutes())
                .build());
    return new Said(got.protectedTasks(), got.failures());
  }

  private static Answer answer(String taskArn, Said said) {
    if (!said.failures().isEmpty()) {
      Failure failure = said.failures().getFirst();
      return new Answer(
          200,
          JsonObject.EMPTY.with(
              "failure",
              JsonObject.EMPTY
                  .with("Arn", taskArn)
                  .with("Detail", text(failure.detail()))
                  .with("Reason", text(failure.reason()))));
    }
    JsonObject protection = JsonObject.EMPTY.with("ProtectionEnabled", false);
    for (ProtectedTask task : said.tasks()) {
      protection =
          JsonObject.EMPTY.with("ProtectionEnabled", Boolean.TRUE.equals(task.protectionEnabled()));
      if (task.expirationDate() != null) {
        protection = protection.with("ExpirationDate", task.expirationDate().toString());
      }
    }
    return new Answer(
        200, JsonObject.EMPTY.with("protection", protection.with("TaskArn", taskArn)));
  }

  private static String text(@Nullable String text) {
    return text == null ? "" : text;
  }
}
