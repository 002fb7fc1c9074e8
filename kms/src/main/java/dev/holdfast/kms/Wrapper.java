// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms;

/** Wraps backing keys under the installation's keyring, so that the store never holds them bare. */
public interface Wrapper {

  /** Encrypts and authenticates {@code plain}, bound to {@code aad}. */
  byte[] wrap(byte[] plain, byte[] aad);

  /**
   * What was wrapped.
   *
   * @throws RuntimeException where the bytes were not wrapped by this keyring for {@code aad}
   */
  byte[] unwrap(byte[] wrapped, byte[] aad);
}
