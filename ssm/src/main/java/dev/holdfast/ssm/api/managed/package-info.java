// SPDX-License-Identifier: Apache-2.0
/** Activations and managed instances: one file an operation. */
@NullMarked
package dev.holdfast.ssm.api.managed;

import org.jspecify.annotations.NullMarked;
