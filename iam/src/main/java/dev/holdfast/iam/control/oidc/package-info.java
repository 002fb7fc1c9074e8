// SPDX-License-Identifier: Apache-2.0
/** Identity providers: kept, asked for their keys, and their tokens verified. */
@NullMarked
package dev.holdfast.iam.control.oidc;

import org.jspecify.annotations.NullMarked;
