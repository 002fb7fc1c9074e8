// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.holdfast.registry.blob;

import org.jspecify.annotations.NullMarked;
