// SPDX-License-Identifier: Apache-2.0
/** What KMS keeps: keys and aliases. */
@NullMarked
package dev.holdfast.kms.model;

import org.jspecify.annotations.NullMarked;
