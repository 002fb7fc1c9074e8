// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.service;

import dev.holdfast.kit.JsonValue.JsonObject;
import java.time.Instant;
import java.util.List;

/**
 * One event of the audit trail: CloudTrail's record, and what it is looked up by.
 *
 * @param id the event's id, a UUID
 * @param source such as {@code ecs.amazonaws.com}
 * @param resources the ARNs that the call touched
 * @param document the whole record
 * @see <a
 *     href="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html">Record
 *     contents</a>
 */
public record AuditEvent(
    String id,
    Instant time,
    String source,
    String name,
    boolean readOnly,
    String username,
    String accessKeyId,
    List<String> resources,
    JsonObject document) {
  public AuditEvent {
    resources = List.copyOf(resources);
  }
}
