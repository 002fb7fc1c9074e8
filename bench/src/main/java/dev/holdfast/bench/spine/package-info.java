// SPDX-License-Identifier: Apache-2.0
/** The whole server under load beside its peers, by a client that costs next to nothing. */
@NullMarked
package dev.holdfast.bench.spine;

import org.jspecify.annotations.NullMarked;
