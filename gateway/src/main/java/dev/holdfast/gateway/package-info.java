// SPDX-License-Identifier: Apache-2.0
/** The one door: authenticate, decode, authorize, guard, handle, audit. */
@NullMarked
package dev.holdfast.gateway;

import org.jspecify.annotations.NullMarked;
