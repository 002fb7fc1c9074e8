// SPDX-License-Identifier: Apache-2.0
/** Operations on the account's own issuer of tokens for others. */
@NullMarked
package dev.holdfast.iam.api.issue;

import org.jspecify.annotations.NullMarked;
