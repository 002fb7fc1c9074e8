// SPDX-License-Identifier: Apache-2.0
/** Calls out of this installation: over TLS, to public addresses, with bounds on everything. */
@NullMarked
package dev.holdfast.http.outbound;

import org.jspecify.annotations.NullMarked;
