// SPDX-License-Identifier: Apache-2.0
/** Other machines: how they are invited and join, and how they prove themselves afterwards. */
@NullMarked
package dev.holdfast.app.hosts;

import org.jspecify.annotations.NullMarked;
