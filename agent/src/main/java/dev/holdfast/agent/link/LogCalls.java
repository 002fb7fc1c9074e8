// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.link;

import dev.holdfast.agent.logs.LogBatch;
import dev.holdfast.agent.logs.LogSink;
import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.Shape;
import dev.holdfast.aws.agent.RoleCredentials;
import dev.holdfast.aws.client.AwsClient;
import dev.holdfast.aws.logs.CreateLogGroupRequest;
import dev.holdfast.aws.logs.CreateLogStreamRequest;
import dev.holdfast.aws.logs.InputLogEvent;
import dev.holdfast.aws.logs.LogsModel;
import dev.holdfast.aws.logs.PutLogEventsRequest;
import java.io.IOException;
import java.util.List;

/**
 * Calls to the platform's CloudWatch Logs, as the execution role of a task.
 *
 * @param client of the platform; whose credentials does not matter
 */
public record LogCalls(AwsClient client) implements LogSink {
  @Override
  public void createGroup(RoleCredentials role, Stream stream) throws IOException {
    call(
        role,
        stream,
        LogsModel.CREATE_LOG_GROUP,
        CreateLogGroupRequest.builder().logGroupName(stream.group()).build());
  }

  @Override
  public void createStream(RoleCredentials role, Stream stream) throws IOException {
    call(
        role,
        stream,
        LogsModel.CREATE_LOG_STREAM,
        CreateLogStreamRequest.builder()
            .logGroupName(stream.group())
            .logStreamName(stream.name())
            .build());
  }

  @Override
  public void put(RoleCredentials role, Stream stream, List<LogBatch.Event> events, String once)
      throws IOException {
    call(
        role,
        stream,
        LogsModel.PUT_LOG_EVENTS,
        PutLogEventsRequest.builder()
            .logGroupName(stream.group())
            .logStreamName(stream.name())
            .logEvents(events.stream().map(e -> new InputLogEvent(e.millis(), e.text())).toList())
            .sequenceToken(once)
            .build());
  }

  private <I extends Shape, O extends Shape> void call(
      RoleCredentials role, Stream stream, OperationModel<I, O> operation, I request)
      throws IOException {
    try {
      AwsClient as = client.as(() -> PlatformCalls.credentials(role), stream.region());
      O _ = PlatformCalls.call(as, operation, request);
    } catch (ApiError e) {
      throw new LogSink.Refused(e.code(), e.text());
    }
  }
}
