// SPDX-License-Identifier: Apache-2.0
/** One file per operation of ECS: what it may touch, then what it does. */
@NullMarked
package dev.holdfast.ecs.api;

import org.jspecify.annotations.NullMarked;
