// SPDX-License-Identifier: Apache-2.0
/** Writing behind: appended events, the chain, retention. */
@NullMarked
package dev.holdfast.trail.control;

import org.jspecify.annotations.NullMarked;
