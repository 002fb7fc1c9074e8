// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms.api;

/** Which keys an operation takes, and by which names. */
enum Reach {
  /** Keys of the caller's account, by id or key ARN. */
  MANAGE,
  /** Also keys of other accounts. */
  LOOK,
  /** Also by alias. */
  USE;

  boolean aliases() {
    return this == USE;
  }

  boolean foreign() {
    return this != MANAGE;
  }
}
