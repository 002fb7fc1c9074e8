// SPDX-License-Identifier: Apache-2.0
/** What the trail keeps: events, blocks of the chain, and its head. */
@NullMarked
package dev.holdfast.trail.model;

import org.jspecify.annotations.NullMarked;
