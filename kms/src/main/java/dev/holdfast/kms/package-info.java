// SPDX-License-Identifier: Apache-2.0
/** KMS: keys, aliases, key policies and envelope encryption. */
@NullMarked
package dev.holdfast.kms;

import org.jspecify.annotations.NullMarked;
