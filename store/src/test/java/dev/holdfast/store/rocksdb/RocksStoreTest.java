// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store.rocksdb;

import dev.holdfast.store.Store;
import dev.holdfast.store.StoreContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

final class RocksStoreTest extends StoreContract {
  @TempDir private Path folder;

  private int opened;

  @Override
  protected Store open() {
    opened++;
    return RocksStore.open(folder.resolve("store" + opened));
  }

  @Override
  protected Store reopen(Store store) {
    store.close();
    return RocksStore.open(folder.resolve("store" + opened));
  }
}
