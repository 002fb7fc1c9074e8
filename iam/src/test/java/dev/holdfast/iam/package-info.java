// SPDX-License-Identifier: Apache-2.0
/** Tests of IAM over the memory store. */
@NullMarked
package dev.holdfast.iam;

import org.jspecify.annotations.NullMarked;
