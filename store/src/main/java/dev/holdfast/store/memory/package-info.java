// SPDX-License-Identifier: Apache-2.0
/** The engine that keeps all state in memory, for tests and throw-away servers. */
@NullMarked
package dev.holdfast.store.memory;

import org.jspecify.annotations.NullMarked;
