// SPDX-License-Identifier: Apache-2.0
/** Tests of the RocksDB engine. */
@NullMarked
package dev.holdfast.store.rocksdb;

import org.jspecify.annotations.NullMarked;
