// SPDX-License-Identifier: Apache-2.0
/** Takes credentials back. */
@NullMarked
package dev.holdfast.iam.control.revoke;

import org.jspecify.annotations.NullMarked;
