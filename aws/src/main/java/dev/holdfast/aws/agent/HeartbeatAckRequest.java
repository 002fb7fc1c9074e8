// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws.agent;

import org.jspecify.annotations.Nullable;

/** The answer to a {@link HeartbeatMessage}. */
public record HeartbeatAckRequest(@Nullable String messageId) implements AgentMessage.FromAgent {}
