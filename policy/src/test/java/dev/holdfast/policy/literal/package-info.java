// SPDX-License-Identifier: Apache-2.0
/**
 * A second evaluator of the policy language: slow, literal, written from the documentation alone.
 * What the product answers is held against it over millions of made-up cases.
 */
@NullMarked
package dev.holdfast.policy.literal;

import org.jspecify.annotations.NullMarked;
