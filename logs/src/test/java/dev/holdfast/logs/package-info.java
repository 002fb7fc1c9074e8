// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.holdfast.logs;

import org.jspecify.annotations.NullMarked;
