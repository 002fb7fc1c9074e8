// SPDX-License-Identifier: Apache-2.0
/** The OCI distribution API, the ECR API, and the blob store under both. */
@NullMarked
package dev.holdfast.registry;

import org.jspecify.annotations.NullMarked;
