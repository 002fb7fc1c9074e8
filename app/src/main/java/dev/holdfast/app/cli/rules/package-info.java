// SPDX-License-Identifier: Apache-2.0
/** The commands about rules: quotas, rights that shrink, guardrails. */
@NullMarked
package dev.holdfast.app.cli.rules;

import org.jspecify.annotations.NullMarked;
