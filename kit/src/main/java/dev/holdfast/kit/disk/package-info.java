// SPDX-License-Identifier: Apache-2.0
/** How the files that Holdfast writes itself reach the disk, and in which order. */
@NullMarked
package dev.holdfast.kit.disk;

import org.jspecify.annotations.NullMarked;
