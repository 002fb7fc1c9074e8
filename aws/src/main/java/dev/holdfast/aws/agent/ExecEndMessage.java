// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws.agent;

import org.jspecify.annotations.Nullable;

/**
 * The command of a session is over.
 *
 * @param exitCode its exit code, where it ran
 * @param reason why it did not, or null
 */
public record ExecEndMessage(@Nullable Integer exitCode, @Nullable String reason)
    implements AgentMessage.FromAgent {}
