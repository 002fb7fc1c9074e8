// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import dev.holdfast.kit.Secret;
import dev.holdfast.service.PageTokens;
import dev.holdfast.service.Seal;
import dev.holdfast.service.State;
import dev.holdfast.store.Database;
import dev.holdfast.store.Store;
import dev.holdfast.store.StoreUnavailable;
import dev.holdfast.store.rocksdb.RocksStore;
import dev.holdfast.store.seal.Keyring;
import dev.holdfast.store.seal.KeyringFile;
import dev.holdfast.store.seal.SealException;
import dev.holdfast.store.seal.SealedStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What every service stands on: sealed state, keys derived from the keyring, time and chance.
 *
 * @param keyring closed by {@link #close}, after the state
 * @param disk empty for state in memory
 */
record Foundation(
    Store store,
    Keyring keyring,
    State state,
    Optional<DiskSpace> disk,
    SecureRandom random,
    InstantSource clock)
    implements AutoCloseable {

  /**
   * Opens the state of a data directory.
   *
   * @param broken told once where the state takes no more writes until it is opened again
   * @throws Refusal where the root key is not this directory's, or the state is held or damaged
   */
  static Foundation open(
      Path dataDir,
      Installation installation,
      SecureRandom random,
      InstantSource clock,
      Consumer<StoreUnavailable> broken)
      throws IOException {
    var disk = DiskSpace.open(dataDir, broken);
    Path ring = dataDir.resolve("keyring.json");
    boolean fresh = !Files.exists(ring);
    try (Secret root = RootKey.load(installation, dataDir, fresh, random)) {
      var file = new KeyringFile(ring);
      Keyring keyring =
          fresh ? Keyring.create(file, root, random) : Keyring.open(file, root, random);
      Store store = new SealedStore(RocksStore.open(dataDir.resolve("state"), disk), keyring);
      var state = new State(new Database(store), disk.reserve()::admit);
      disk.reserve().start();
      return new Foundation(store, keyring, state, Optional.of(disk), random, clock);
    } catch (SealException e) {
      throw new Refusal(
          "the root key "
              + installation.rootKey()
              + " does not open this directory ("
              + e.getMessage()
              + "): bring its own key back, or name its place: --root-key FILE; nothing was changed");
    }
  }

  /** The foundation over a store that is open already. */
  static Foundation over(Store store, Keyring keyring, SecureRandom random, InstantSource clock) {
    return new Foundation(
        store, keyring, new State(new Database(store)), Optional.empty(), random, clock);
  }

  /** A seal of its own kind: a token of one purpose never opens under another. */
  Seal seal(String purpose) {
    return new Seal(key(purpose), random);
  }

  /** A 32-byte key for one purpose, the same after every restart. */
  byte[] key(String purpose) {
    try (Secret key = keyring.derive(purpose)) {
      return key.bytes().clone();
    }
  }

  PageTokens pages() {
    return new PageTokens(seal("pagination"));
  }

  @Override
  public void close() {
    disk.ifPresent(DiskSpace::close);
    store.close();
    keyring.close();
  }
}
