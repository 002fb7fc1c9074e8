// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws.agent;

import org.jspecify.annotations.Nullable;

/**
 * Keeps a session open; at least one a minute. The agent answers {@link HeartbeatAckRequest} on
 * ACS.
 */
public record HeartbeatMessage(@Nullable String messageId, boolean healthy)
    implements AgentMessage.FromPlatform {}
