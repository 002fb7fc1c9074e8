// SPDX-License-Identifier: Apache-2.0
/** The hash chain as pure functions. */
@NullMarked
package dev.holdfast.trail.plan;

import org.jspecify.annotations.NullMarked;
