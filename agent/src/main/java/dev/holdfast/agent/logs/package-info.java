// SPDX-License-Identifier: Apache-2.0
/** Takes what containers write to their log streams. */
@NullMarked
package dev.holdfast.agent.logs;

import org.jspecify.annotations.NullMarked;
