// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.model;

import dev.holdfast.kit.Region;

/**
 * The policy of all that an account has in a region's registry.
 *
 * @param text as it was given
 */
public record RegistryPolicy(Region region, String text) {}
