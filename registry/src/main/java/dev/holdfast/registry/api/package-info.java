// SPDX-License-Identifier: Apache-2.0
/** The ECR API: one class per operation. */
@NullMarked
package dev.holdfast.registry.api;

import org.jspecify.annotations.NullMarked;
