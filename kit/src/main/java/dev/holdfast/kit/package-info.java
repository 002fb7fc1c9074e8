// SPDX-License-Identifier: Apache-2.0
/** ARNs, ids, JSON values and the record codec: what every other module stands on. */
@NullMarked
package dev.holdfast.kit;

import org.jspecify.annotations.NullMarked;
