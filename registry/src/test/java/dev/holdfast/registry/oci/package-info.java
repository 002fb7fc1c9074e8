// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.holdfast.registry.oci;

import org.jspecify.annotations.NullMarked;
