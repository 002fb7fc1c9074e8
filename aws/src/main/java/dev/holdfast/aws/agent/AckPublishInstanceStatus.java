// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws.agent;

import org.jspecify.annotations.Nullable;

/** The answer to a {@link PublishInstanceStatusRequest}. */
public record AckPublishInstanceStatus(@Nullable String message)
    implements AgentMessage.TelemetryAck {}
