// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.service;

/**
 * How strict an installation is about guardrails; sealed into the data directory when it is made.
 */
public enum Profile {
  /** Guardrails teach. Bound to loopback, the root key beside the data. */
  DEV,
  /** What the practices demand is enforced. */
  STANDARD
}
