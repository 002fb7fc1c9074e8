// SPDX-License-Identifier: Apache-2.0
/** Tests of the seal. */
@NullMarked
package dev.holdfast.store.seal;

import org.jspecify.annotations.NullMarked;
