// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws.agent;

import org.jspecify.annotations.Nullable;

/** A notice before the close frame that ends the session. */
public record CloseMessage(@Nullable String message) implements AgentMessage.FromPlatform {}
