// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ssm.model;

import dev.holdfast.kit.Region;

/**
 * A label of a parameter, and the one version that has it.
 *
 * @param parameter the parameter's name
 */
public record VersionLabel(Region region, String parameter, String label, long version) {}
