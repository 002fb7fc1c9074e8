// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws.agent;

import org.jspecify.annotations.Nullable;

/** The answer to a {@link PublishHealthRequest}. */
public record AckPublishHealth(@Nullable String message) implements AgentMessage.TelemetryAck {}
