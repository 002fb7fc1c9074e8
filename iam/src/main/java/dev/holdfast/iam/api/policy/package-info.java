// SPDX-License-Identifier: Apache-2.0
/** The operations on managed policies, their versions and tags. */
@NullMarked
package dev.holdfast.iam.api.policy;

import org.jspecify.annotations.NullMarked;
