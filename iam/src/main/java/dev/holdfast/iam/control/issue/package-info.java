// SPDX-License-Identifier: Apache-2.0
/** The issuers of accounts' own tokens. */
@NullMarked
package dev.holdfast.iam.control.issue;

import org.jspecify.annotations.NullMarked;
