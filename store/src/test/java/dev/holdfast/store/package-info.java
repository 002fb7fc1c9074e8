// SPDX-License-Identifier: Apache-2.0
/** The contract of each engine, and tests of the typed layer. */
@NullMarked
package dev.holdfast.store;

import org.jspecify.annotations.NullMarked;
