// SPDX-License-Identifier: Apache-2.0
/** State records, ids and tables of ECS. */
@NullMarked
package dev.holdfast.ecs.model;

import org.jspecify.annotations.NullMarked;
