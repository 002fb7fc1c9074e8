// SPDX-License-Identifier: Apache-2.0
/** IAM's operations on instance profiles, one file each. */
@NullMarked
package dev.holdfast.iam.api.profile;

import org.jspecify.annotations.NullMarked;
