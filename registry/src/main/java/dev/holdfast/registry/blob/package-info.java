// SPDX-License-Identifier: Apache-2.0
/** Blobs: bytes named by their digest, invisible until they are whole and on disk. */
@NullMarked
package dev.holdfast.registry.blob;

import org.jspecify.annotations.NullMarked;
