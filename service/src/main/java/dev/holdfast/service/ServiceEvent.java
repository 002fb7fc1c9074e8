// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.service;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.Region;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * What a service does by itself to an account's resource, and no call asked for at that moment.
 *
 * @param source such as {@code kms.amazonaws.com}
 * @param resource the ARN of what it was done to
 * @param details CloudTrail's {@code serviceEventDetails}
 * @see <a
 *     href="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/non-api-aws-service-events.html">Service
 *     events</a>
 */
public record ServiceEvent(String source, String name, String resource, JsonObject details) {

  /** The event as the trail of an account keeps it. */
  public AuditEvent at(Instant now, AccountId account, Region region) {
    String id =
        UUID.nameUUIDFromBytes(
                String.join(" ", now.toString(), name, resource).getBytes(StandardCharsets.UTF_8))
            .toString();
    JsonObject document =
        JsonObject.EMPTY
            .with("eventVersion", "1.11")
            .with(
                "userIdentity",
                JsonObject.EMPTY
                    .with("accountId", account.digits())
                    .with("invokedBy", "AWS Internal"))
            .with("eventTime", now.toString())
            .with("eventSource", source)
            .with("eventName", name)
            .with("eventID", id)
            .with("awsRegion", region.name())
            .with("recipientAccountId", account.digits())
            .with("readOnly", false)
            .with("eventType", "AwsServiceEvent")
            .with("serviceEventDetails", details);
    return new AuditEvent(id, now, source, name, false, "", "", List.of(resource), document);
  }
}
