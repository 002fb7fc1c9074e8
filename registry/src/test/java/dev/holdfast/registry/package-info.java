// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.holdfast.registry;

import org.jspecify.annotations.NullMarked;
