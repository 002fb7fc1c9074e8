// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.link;

import dev.holdfast.agent.endpoint.TaskTags;
import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.agent.RoleCredentials;
import dev.holdfast.aws.client.AwsClient;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.ecs.ListTagsForResourceRequest;
import dev.holdfast.aws.ecs.Tag;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import java.util.List;

/** Asks for a task's tags as the task's role, and answers in the words of the ECS agent. */
public final class TaskTagCalls implements TaskTags {
  private final AwsClient client;
  private final String region;

  /**
   * Makes the calls.
   *
   * @param client of the platform; whose credentials does not matter
   * @param region where a task names none
   */
  public TaskTagCalls(AwsClient client, String region) {
    this.client = client;
    this.region = region;
  }

  @Override
  public JsonObject of(String taskArn, RoleCredentials role) {
    String where = Arn.parse(taskArn).map(Arn::region).orElse(region);
    AwsClient as = client.as(() -> PlatformCalls.credentials(role), where);
    try {
      var got =
          PlatformCalls.call(
              as,
              EcsModel.LIST_TAGS_FOR_RESOURCE,
              ListTagsForResourceRequest.builder().resourceArn(taskArn).build());
      JsonObject tags = JsonObject.EMPTY;
      for (Tag tag : got.tags()) {
        tags = tags.with(String.valueOf(tag.key()), tag.value() == null ? "" : tag.value());
      }
      return tags.members().isEmpty() ? tags : JsonObject.EMPTY.with("TaskTags", tags);
    } catch (ApiError e) {
      return error(taskArn, e.code(), e.text(), e.shape().status());
    } catch (IOException _) {
      return error(taskArn, "ServerException", "the platform does not answer", 503);
    }
  }

  private static JsonObject error(String taskArn, String code, String text, int status) {
    return JsonObject.EMPTY.with(
        "Errors",
        new JsonArray(
            List.of(
                JsonObject.EMPTY
                    .with("ErrorField", "TaskTags")
                    .with("ErrorCode", code)
                    .with("ErrorMessage", text)
                    .with("StatusCode", status)
                    .with("ResourceARN", taskArn))));
  }
}
