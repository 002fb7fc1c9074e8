// SPDX-License-Identifier: Apache-2.0
/** How things are and were, as people ask for it: documents for the admin socket. */
@NullMarked
package dev.holdfast.ecs.daily;

import org.jspecify.annotations.NullMarked;
