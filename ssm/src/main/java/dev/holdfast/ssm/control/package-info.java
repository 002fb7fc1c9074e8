// SPDX-License-Identifier: Apache-2.0
/** Machines that joined by an activation: what they ask with no access key. */
@NullMarked
package dev.holdfast.ssm.control;

import org.jspecify.annotations.NullMarked;
