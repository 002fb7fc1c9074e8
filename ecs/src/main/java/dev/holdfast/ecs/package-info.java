// SPDX-License-Identifier: Apache-2.0
/** ECS: clusters, task definitions, tasks, placement, and the sessions of agents. */
@NullMarked
package dev.holdfast.ecs;

import org.jspecify.annotations.NullMarked;
