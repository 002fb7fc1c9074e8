// SPDX-License-Identifier: Apache-2.0
/** Tokens of identity providers, read and judged: pure. */
@NullMarked
package dev.holdfast.iam.plan.oidc;

import org.jspecify.annotations.NullMarked;
