// SPDX-License-Identifier: Apache-2.0
/** Tests of the memory engine. */
@NullMarked
package dev.holdfast.store.memory;

import org.jspecify.annotations.NullMarked;
