// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws.agent;

import org.jspecify.annotations.Nullable;

/** An error the platform wants logged; it does not end the session. */
public record ErrorMessage(@Nullable String message) implements AgentMessage.FromPlatform {}
