// SPDX-License-Identifier: Apache-2.0
/** The host's process: speaks the ECS agent protocol and drives the container engine. */
@NullMarked
package dev.holdfast.agent;

import org.jspecify.annotations.NullMarked;
