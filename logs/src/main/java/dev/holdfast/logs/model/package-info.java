// SPDX-License-Identifier: Apache-2.0
/** State of CloudWatch Logs: groups, streams, and the pieces that hold events. */
@NullMarked
package dev.holdfast.logs.model;

import org.jspecify.annotations.NullMarked;
