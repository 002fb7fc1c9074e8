// SPDX-License-Identifier: Apache-2.0
/** One file an operation of CloudWatch Logs. */
@NullMarked
package dev.holdfast.logs.api;

import org.jspecify.annotations.NullMarked;
