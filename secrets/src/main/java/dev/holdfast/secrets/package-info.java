// SPDX-License-Identifier: Apache-2.0
/** Secrets Manager. */
@NullMarked
package dev.holdfast.secrets;

import org.jspecify.annotations.NullMarked;
