// SPDX-License-Identifier: Apache-2.0
/** What ECS asks of its neighbours: images, parameters, roles, the local host. */
@NullMarked
package dev.holdfast.ecs.port;

import org.jspecify.annotations.NullMarked;
