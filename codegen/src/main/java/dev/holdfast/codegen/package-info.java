// SPDX-License-Identifier: Apache-2.0
/**
 * Build tool: distilled AWS service models in, Java records, errors and operation constants out.
 */
@NullMarked
package dev.holdfast.codegen;

import org.jspecify.annotations.NullMarked;
