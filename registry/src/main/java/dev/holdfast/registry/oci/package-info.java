// SPDX-License-Identifier: Apache-2.0
/** The OCI distribution API under {@code /v2/}: one class per kind of request. */
@NullMarked
package dev.holdfast.registry.oci;

import org.jspecify.annotations.NullMarked;
