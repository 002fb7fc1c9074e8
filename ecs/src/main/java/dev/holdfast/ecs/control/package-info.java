// SPDX-License-Identifier: Apache-2.0
/** What runs without being asked: agent sessions, the host stream, housekeeping. */
@NullMarked
package dev.holdfast.ecs.control;

import org.jspecify.annotations.NullMarked;
