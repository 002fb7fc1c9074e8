// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.holdfast.http.outbound;

import org.jspecify.annotations.NullMarked;
