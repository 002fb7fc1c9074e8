// SPDX-License-Identifier: Apache-2.0
/** Decisions: records in, records out; no store, no clock. */
@NullMarked
package dev.holdfast.ecs.plan;

import org.jspecify.annotations.NullMarked;
