// SPDX-License-Identifier: Apache-2.0
/**
 * Faults planted in the product's own source, each of which the comparison with the literal
 * evaluator must notice.
 */
@NullMarked
package dev.holdfast.policy.planted;

import org.jspecify.annotations.NullMarked;
