// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.logs.api;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.logs.FilteredLogEvent;
import dev.holdfast.aws.logs.LogsError;
import dev.holdfast.aws.logs.OutputLogEvent;
import dev.holdfast.logs.model.LogEvent;
import dev.holdfast.logs.model.LogGroup;
import dev.holdfast.logs.model.LogStream;
import dev.holdfast.logs.plan.Scan;
import dev.holdfast.service.Tags;
import java.util.Map;

/** State as CloudWatch Logs shows it, and the errors that several operations share. */
final class Wire {
  private Wire() {}

  static dev.holdfast.aws.logs.LogGroup group(LogGroup group, long bytes) {
    return dev.holdfast.aws.logs.LogGroup.builder()
        .logGroupName(group.name())
        .creationTime(group.created().toEpochMilli())
        .retentionInDays(group.retention())
        .metricFilterCount(0)
        .arn(group.arn() + ":*")
        .logGroupArn(group.arn().toString())
        .storedBytes(bytes)
        .logGroupClass(group.logClass())
        .deletionProtectionEnabled(false)
        .build();
  }

  static dev.holdfast.aws.logs.LogStream stream(LogGroup group, LogStream stream) {
    return dev.holdfast.aws.logs.LogStream.builder()
        .logStreamName(stream.name())
        .creationTime(stream.created().toEpochMilli())
        .firstEventTimestamp(stream.firstEvent())
        .lastEventTimestamp(stream.lastEvent())
        .lastIngestionTime(stream.lastIngestion())
        .uploadSequenceToken(PutLogEvents.TOKEN)
        .arn(group.arn() + ":log-stream:" + stream.name())
        .storedBytes(stream.bytes())
        .build();
  }

  static OutputLogEvent event(LogEvent event) {
    return OutputLogEvent.builder()
        .timestamp(event.timestamp())
        .message(event.message())
        .ingestionTime(event.ingested())
        .build();
  }

  static FilteredLogEvent event(String stream, Scan.Found found) {
    return FilteredLogEvent.builder()
        .logStreamName(stream)
        .timestamp(found.event().timestamp())
        .message(found.event().message())
        .ingestionTime(found.event().ingested())
        .eventId(found.position().digits())
        .build();
  }

  /** Refuses tags that no resource may have. */
  static void requireTags(Map<String, String> given) {
    Tags.fault(given)
        .ifPresent(
            fault -> {
              throw invalid(fault);
            });
  }

  static ApiError invalid(String text) {
    return new ApiError(LogsError.INVALID_PARAMETER, text);
  }

  static ApiError invalidToken() {
    return invalid("The specified nextToken is invalid.");
  }

  static ApiError invalidArn(String text) {
    return invalid("`" + text + "` is not the ARN of a log group");
  }
}
