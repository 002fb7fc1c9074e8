// SPDX-License-Identifier: Apache-2.0
/** The operations on groups, their members and policies. */
@NullMarked
package dev.holdfast.iam.api.group;

import org.jspecify.annotations.NullMarked;
