// SPDX-License-Identifier: Apache-2.0
/** Benchmarks of the hot paths against named peers. */
@NullMarked
package dev.holdfast.bench;

import org.jspecify.annotations.NullMarked;
