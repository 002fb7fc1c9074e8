// SPDX-License-Identifier: Apache-2.0
/**
 * The embedded durable engine: RocksDB, one committing thread, each batch synced before it is
 * acknowledged.
 */
@NullMarked
package dev.holdfast.store.rocksdb;

import org.jspecify.annotations.NullMarked;
