// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.holdfast.iam.plan.oidc;

import org.jspecify.annotations.NullMarked;
