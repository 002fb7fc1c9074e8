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
  /**
   * What a group takes is told in whole steps of so many bytes. Lines are compressed together: an
   * exact size would tell whoever may have a line written, and may not read any, whether it is like
   * the others (as CRIME did of TLS).
   */
  private static final long STEP = 64 * 1024;

  private Wire() {}

  static long told(long bytes) {
    return (bytes + STEP - 1) / STEP * STEP;
  }

  static dev.holdfast.aws.logs.LogGroup group(LogGroup group, long bytes) {
    return dev.holdfast.aws.logs.LogGroup.builder()
        .logGroupName(group.name())
        .creationTime(group.created().toEpochMilli())
        .retentionInDays(group.retention())
        .metricFilterCount(0)
        .arn(group.arn() + ":*")
        .logGroupArn(group.arn().toString())
        .storedBytes(told(bytes))
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
        .storedBytes(0L) // as AWS since 2019
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
