// SPDX-License-Identifier: Apache-2.0
/** What the operator does with rules: quotas, rights that shrink, guardrails. */
@NullMarked
package dev.holdfast.app.rules;

import org.jspecify.annotations.NullMarked;
