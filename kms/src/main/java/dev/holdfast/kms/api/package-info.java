// SPDX-License-Identifier: Apache-2.0
/** The operations of KMS, one file each. */
@NullMarked
package dev.holdfast.kms.api;

import org.jspecify.annotations.NullMarked;
