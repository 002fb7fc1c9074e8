// SPDX-License-Identifier: Apache-2.0
/** CloudWatch Logs, whose front is {@link dev.holdfast.logs.Logs}. */
@NullMarked
package dev.holdfast.logs;

import org.jspecify.annotations.NullMarked;
