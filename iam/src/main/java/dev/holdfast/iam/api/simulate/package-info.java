// SPDX-License-Identifier: Apache-2.0
/** IAM's operations that ask what policies would say, one file each. */
@NullMarked
package dev.holdfast.iam.api.simulate;

import org.jspecify.annotations.NullMarked;
