// SPDX-License-Identifier: Apache-2.0
/** Tests of Secrets Manager. */
@NullMarked
package dev.holdfast.secrets;

import org.jspecify.annotations.NullMarked;
