// SPDX-License-Identifier: Apache-2.0
/** Encryption of all values at rest under data keys that a root key wraps. */
@NullMarked
package dev.holdfast.store.seal;

import org.jspecify.annotations.NullMarked;
