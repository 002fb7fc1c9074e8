// SPDX-License-Identifier: Apache-2.0
/** Tests of the pure part. */
@NullMarked
package dev.holdfast.secrets.plan;

import org.jspecify.annotations.NullMarked;
