// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms.model;

/** Who looks after a key: its account, or the platform on behalf of a service. */
public enum KeyManager {
  CUSTOMER,
  AWS
}
