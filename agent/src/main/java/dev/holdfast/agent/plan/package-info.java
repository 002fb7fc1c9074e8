// SPDX-License-Identifier: Apache-2.0
/** Decisions of the agent without input or output. */
@NullMarked
package dev.holdfast.agent.plan;

import org.jspecify.annotations.NullMarked;
