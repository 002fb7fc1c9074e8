// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy;

/**
 * A document under the name that explanations show.
 *
 * @param name a policy ARN, or the name of an inline policy
 */
public record NamedPolicy(String name, PolicyDocument document) {}
