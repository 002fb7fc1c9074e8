// SPDX-License-Identifier: Apache-2.0
/** The registry's state: repositories, images, tags, and the blobs that repositories hold. */
@NullMarked
package dev.holdfast.registry.model;

import org.jspecify.annotations.NullMarked;
