// SPDX-License-Identifier: Apache-2.0
/** The tokens that {@code docker login} uses: made by the ECR API, opened at {@code /v2/}. */
@NullMarked
package dev.holdfast.registry.token;

import org.jspecify.annotations.NullMarked;
