// SPDX-License-Identifier: Apache-2.0
/** IAM's operations: what they share. */
@NullMarked
package dev.holdfast.iam.api;

import org.jspecify.annotations.NullMarked;
