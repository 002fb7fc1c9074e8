// SPDX-License-Identifier: Apache-2.0
/** IAM and STS: users, roles, policies, access keys and sessions. */
@NullMarked
package dev.holdfast.iam;

import org.jspecify.annotations.NullMarked;
