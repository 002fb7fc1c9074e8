// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store.seal;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A keyring's document in memory. */
public final class KeptKeyring implements KeyringStorage {
  private final AtomicReference<byte @Nullable []> document = new AtomicReference<>();
  final AtomicInteger saves = new AtomicInteger();

  @Override
  public byte @Nullable [] load() {
    return document.get();
  }

  @Override
  public void save(byte[] fresh) {
    saves.incrementAndGet();
    document.set(fresh);
  }
}
