// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.holdfast.kms;

import org.jspecify.annotations.NullMarked;
