// SPDX-License-Identifier: Apache-2.0
/** What {@code ecs} asks of the services beside and below it, bound to them. */
@NullMarked
package dev.holdfast.app.neighbours;

import org.jspecify.annotations.NullMarked;
