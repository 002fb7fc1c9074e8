// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy;

/** How far a resource's own policy decides over requests from within its account. */
public enum Gate {
  /** Either side may allow: the identity policies or the resource policy. */
  NONE,
  /**
   * A KMS key policy: identity policies count only where it delegates to the account.
   *
   * @see <a href="https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html">Key
   *     policies</a>
   */
  KEY_POLICY,
  /** A role's trust policy: it must name the caller, or the account for delegation. */
  ROLE_TRUST
}
