// SPDX-License-Identifier: Apache-2.0
/** The operations on devices of multi-factor authentication. */
@NullMarked
package dev.holdfast.iam.api.factor;

import org.jspecify.annotations.NullMarked;
