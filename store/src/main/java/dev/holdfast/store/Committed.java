// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store;

import org.jspecify.annotations.Nullable;

/**
 * What a transaction returned, and the revision at which it holds: that of its commit, or of the
 * state it read where it wrote nothing.
 */
public record Committed<R extends @Nullable Object>(R result, Revision revision) {}
