// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.holdfast.ecs.state;

import org.jspecify.annotations.NullMarked;
