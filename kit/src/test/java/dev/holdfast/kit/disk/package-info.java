// SPDX-License-Identifier: Apache-2.0
/** A disk that remembers, and every state that a power cut could leave on it. */
@NullMarked
package dev.holdfast.kit.disk;

import org.jspecify.annotations.NullMarked;
