// SPDX-License-Identifier: Apache-2.0
/** The platform's certificates: its authority, what it shows, and whose it takes. */
@NullMarked
package dev.holdfast.app.tls;

import org.jspecify.annotations.NullMarked;
