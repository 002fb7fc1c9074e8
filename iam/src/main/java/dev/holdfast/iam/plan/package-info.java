// SPDX-License-Identifier: Apache-2.0
/** What IAM decides without state: tokens, limits, contexts, explanations. Pure. */
@NullMarked
package dev.holdfast.iam.plan;

import org.jspecify.annotations.NullMarked;
