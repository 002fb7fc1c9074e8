// SPDX-License-Identifier: Apache-2.0
/** Tokens that an account issues for others: what they claim, and how they are signed. */
@NullMarked
package dev.holdfast.iam.plan.issue;

import org.jspecify.annotations.NullMarked;
