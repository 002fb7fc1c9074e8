// SPDX-License-Identifier: Apache-2.0
/** Signature Version 4: one pure canonical form, used to sign and to verify. */
@NullMarked
package dev.holdfast.aws.sigv4;

import org.jspecify.annotations.NullMarked;
