// SPDX-License-Identifier: Apache-2.0
/** The operations of STS. */
@NullMarked
package dev.holdfast.iam.api.sts;

import org.jspecify.annotations.NullMarked;
