// SPDX-License-Identifier: Apache-2.0
/** Reads and writes that operations and controllers share. */
@NullMarked
package dev.holdfast.ecs.state;

import org.jspecify.annotations.NullMarked;
