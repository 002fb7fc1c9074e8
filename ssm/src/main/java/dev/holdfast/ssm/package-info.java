// SPDX-License-Identifier: Apache-2.0
/** Parameter Store, and the choice of a parameter by environment tag. */
@NullMarked
package dev.holdfast.ssm;

import org.jspecify.annotations.NullMarked;
