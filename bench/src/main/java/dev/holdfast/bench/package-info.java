// SPDX-License-Identifier: Apache-2.0
/** Benchmarks of the hot paths, each beside what limits it. Run with {@code bench/micro.sh}. */
@NullMarked
package dev.holdfast.bench;

import org.jspecify.annotations.NullMarked;
