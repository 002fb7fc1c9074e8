// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store.seal;

import org.jspecify.annotations.Nullable;

/** Where a keyring's document lies. The document is sealed; losing it loses all that it sealed. */
public interface KeyringStorage {
  /** The document as it was last saved, or null where there is none. */
  byte @Nullable [] load();

  /** Replaces the document, durably and all or nothing, before it returns. */
  void save(byte[] document);
}
