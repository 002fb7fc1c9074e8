// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.holdfast.store.space;

import org.jspecify.annotations.NullMarked;
