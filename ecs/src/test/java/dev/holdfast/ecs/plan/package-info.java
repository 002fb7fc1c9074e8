// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.holdfast.ecs.plan;

import org.jspecify.annotations.NullMarked;
