// SPDX-License-Identifier: Apache-2.0
/** The operations on roles, their policies and tags. */
@NullMarked
package dev.holdfast.iam.api.role;

import org.jspecify.annotations.NullMarked;
