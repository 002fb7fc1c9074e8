// SPDX-License-Identifier: Apache-2.0
/** The IAM policy language and its evaluator: pure, total, without I/O and without a clock. */
@NullMarked
package dev.holdfast.policy;

import org.jspecify.annotations.NullMarked;
