// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.model;

import org.jspecify.annotations.Nullable;

/**
 * A parameter as a task may name it.
 *
 * @param environment its {@code environment} tag, or null
 */
public record FoundParameter(String name, long version, @Nullable String environment) {}
