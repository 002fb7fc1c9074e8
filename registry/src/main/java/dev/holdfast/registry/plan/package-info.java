// SPDX-License-Identifier: Apache-2.0
/** The registry's decisions, pure: manifests, image references, request paths, byte ranges. */
@NullMarked
package dev.holdfast.registry.plan;

import org.jspecify.annotations.NullMarked;
