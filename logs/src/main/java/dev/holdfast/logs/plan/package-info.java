// SPDX-License-Identifier: Apache-2.0
/** The pure part of CloudWatch Logs: batches, pieces, pages, filter patterns. */
@NullMarked
package dev.holdfast.logs.plan;

import org.jspecify.annotations.NullMarked;
