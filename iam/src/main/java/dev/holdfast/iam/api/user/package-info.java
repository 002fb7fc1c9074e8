// SPDX-License-Identifier: Apache-2.0
/** The operations on users, their policies, keys and tags. */
@NullMarked
package dev.holdfast.iam.api.user;

import org.jspecify.annotations.NullMarked;
