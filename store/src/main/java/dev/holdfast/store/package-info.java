// SPDX-License-Identifier: Apache-2.0
/**
 * Revisioned key-value state with typed tables: memory and RocksDB engines, and the seal over both.
 */
@NullMarked
package dev.holdfast.store;

import org.jspecify.annotations.NullMarked;
