// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.holdfast.registry.plan;

import org.jspecify.annotations.NullMarked;
