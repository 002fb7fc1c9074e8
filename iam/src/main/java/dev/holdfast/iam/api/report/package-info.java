// SPDX-License-Identifier: Apache-2.0
/** The operations that tell of credentials, of permissions, and of their use. */
@NullMarked
package dev.holdfast.iam.api.report;

import org.jspecify.annotations.NullMarked;
