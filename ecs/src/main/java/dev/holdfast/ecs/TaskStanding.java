// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs;

import java.time.Instant;

/**
 * How a task stands.
 *
 * @param live whether it has not stopped
 * @param containers how many its definition has
 */
public record TaskStanding(boolean live, Instant createdAt, int containers) {}
