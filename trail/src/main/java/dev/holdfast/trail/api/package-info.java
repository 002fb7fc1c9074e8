// SPDX-License-Identifier: Apache-2.0
/** CloudTrail's operations. */
@NullMarked
package dev.holdfast.trail.api;

import org.jspecify.annotations.NullMarked;
