// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.holdfast.logs.plan;

import org.jspecify.annotations.NullMarked;
