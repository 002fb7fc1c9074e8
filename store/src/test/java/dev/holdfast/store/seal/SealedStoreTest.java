// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store.seal;

import dev.holdfast.kit.Secret;
import dev.holdfast.store.Store;
import dev.holdfast.store.StoreContract;
import dev.holdfast.store.rocksdb.RocksStore;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.junit.jupiter.api.io.TempDir;

final class SealedStoreTest extends StoreContract {
  @TempDir private Path folder;

  private final Keyring keyring =
      Keyring.create(new KeptKeyring(), new Secret(new byte[32]), new SecureRandom());
  private int opened;

  @Override
  protected Store open() {
    opened++;
    return new SealedStore(RocksStore.open(folder.resolve("store" + opened)), keyring);
  }

  @Override
  protected Store reopen(Store store) {
    store.close();
    return new SealedStore(RocksStore.open(folder.resolve("store" + opened)), keyring);
  }
}
