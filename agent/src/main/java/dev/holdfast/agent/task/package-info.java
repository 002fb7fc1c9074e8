// SPDX-License-Identifier: Apache-2.0
/** What a task needs next, decided purely from what is wanted and what is seen. */
@NullMarked
package dev.holdfast.agent.task;

import org.jspecify.annotations.NullMarked;
