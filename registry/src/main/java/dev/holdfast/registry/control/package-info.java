// SPDX-License-Identifier: Apache-2.0
/** What the registry does on its own: the collection of blobs that nothing uses. */
@NullMarked
package dev.holdfast.registry.control;

import org.jspecify.annotations.NullMarked;
