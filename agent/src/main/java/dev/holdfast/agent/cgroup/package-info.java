// SPDX-License-Identifier: Apache-2.0
/** The control groups by which the kernel holds a task's containers to the task's own limits. */
@NullMarked
package dev.holdfast.agent.cgroup;

import org.jspecify.annotations.NullMarked;
