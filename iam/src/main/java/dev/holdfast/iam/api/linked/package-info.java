// SPDX-License-Identifier: Apache-2.0
/** The operations on service-linked roles. */
@NullMarked
package dev.holdfast.iam.api.linked;

import org.jspecify.annotations.NullMarked;
