// SPDX-License-Identifier: Apache-2.0
/** What the disk has left, and what is kept of it for the day that it has nothing left. */
@NullMarked
package dev.holdfast.store.space;

import org.jspecify.annotations.NullMarked;
