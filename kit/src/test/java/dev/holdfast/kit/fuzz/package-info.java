// SPDX-License-Identifier: Apache-2.0
/** A fuzzer of our own: seeded, with a corpus in the repository, driven by what targets answer. */
@NullMarked
package dev.holdfast.kit.fuzz;

import org.jspecify.annotations.NullMarked;
