// SPDX-License-Identifier: Apache-2.0
/** The operations on OpenID Connect providers. */
@NullMarked
package dev.holdfast.iam.api.oidc;

import org.jspecify.annotations.NullMarked;
