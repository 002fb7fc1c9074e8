// SPDX-License-Identifier: Apache-2.0
/** Events of tasks and services told to a receiver of the operator's, by HTTP. */
@NullMarked
package dev.holdfast.app.events;

import org.jspecify.annotations.NullMarked;
