// SPDX-License-Identifier: Apache-2.0
/** What CloudWatch Logs does by itself: keeping, trimming, retention. */
@NullMarked
package dev.holdfast.logs.control;

import org.jspecify.annotations.NullMarked;
