// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import dev.holdfast.kms.Wrapper;
import dev.holdfast.store.seal.Keyring;

/** The store's keyring as KMS needs it. */
record KeyringWrapper(Keyring keyring) implements Wrapper {
  @Override
  public byte[] wrap(byte[] plain, byte[] aad) {
    return keyring.wrap(plain, aad);
  }

  @Override
  public byte[] unwrap(byte[] wrapped, byte[] aad) {
    return keyring.unwrap(wrapped, aad);
  }
}
