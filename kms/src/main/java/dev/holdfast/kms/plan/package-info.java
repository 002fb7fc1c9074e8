// SPDX-License-Identifier: Apache-2.0
/** The pure part of KMS: references, policies, and the envelope. */
@NullMarked
package dev.holdfast.kms.plan;

import org.jspecify.annotations.NullMarked;
