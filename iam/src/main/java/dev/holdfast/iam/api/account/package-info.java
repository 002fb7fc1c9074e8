// SPDX-License-Identifier: Apache-2.0
/** IAM's operations on the account itself, one file each. */
@NullMarked
package dev.holdfast.iam.api.account;

import org.jspecify.annotations.NullMarked;
