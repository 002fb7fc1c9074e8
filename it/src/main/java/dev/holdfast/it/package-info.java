// SPDX-License-Identifier: Apache-2.0
/** Wire, acceptance and architecture tests over the assembled program. */
@NullMarked
package dev.holdfast.it;

import org.jspecify.annotations.NullMarked;
