// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy;

import org.jspecify.annotations.Nullable;

/**
 * A statement that matched, by place.
 *
 * @param policy the name under which the document was given
 * @param statement index within the document, from 0
 */
public record Match(String policy, int statement, @Nullable String sid) {}
