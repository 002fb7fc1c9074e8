// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.model;

import org.jspecify.annotations.Nullable;

/**
 * One version of a secret of Secrets Manager as a task may name it.
 *
 * @param arn the complete one
 * @param version the version's id
 * @param environment its {@code environment} tag, or null
 */
public record FoundSecret(String arn, String name, String version, @Nullable String environment) {}
