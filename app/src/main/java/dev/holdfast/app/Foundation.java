// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import dev.holdfast.app.neighbours.IamMachines;
import dev.holdfast.iam.Iam;
import dev.holdfast.kit.Secret;
import dev.holdfast.kit.disk.Disk;
import dev.holdfast.kit.disk.DiskBroken;
import dev.holdfast.kit.disk.FailStopDisk;
import dev.holdfast.kms.Kms;
import dev.holdfast.kms.Wrapper;
import dev.holdfast.secrets.Secrets;
import dev.holdfast.service.AuditLog;
import dev.holdfast.service.PageTokens;
import dev.holdfast.service.Seal;
import dev.holdfast.service.State;
import dev.holdfast.ssm.Ssm;
import dev.holdfast.store.Database;
import dev.holdfast.store.Revision;
import dev.holdfast.store.Snapshot;
import dev.holdfast.store.Store;
import dev.holdfast.store.StoreDamaged;
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
 * @param files for every file of ours in the data directory
 */
record Foundation(
    Store store,
    Keyring keyring,
    State state,
    Optional<DiskSpace> disk,
    Disk files,
    SecureRandom random,
    InstantSource clock)
    implements AutoCloseable {
  static final String KEYRING = "keyring.json";

  /**
   * What a data directory lies on.
   *
   * @param readAtStart as {@link RocksStore.Ground#readAtStart}
   */
  record Ground(FailStopDisk disk, long readAtStart) {
    Ground(FailStopDisk disk) {
      this(disk, RocksStore.Ground.READ_AT_START);
    }

    /** This machine's disk. */
    static Ground local() {
      return new Ground(new FailStopDisk(Disk.local()));
    }

    private RocksStore.Ground ofState() {
      return new RocksStore.Ground(disk, readAtStart);
    }
  }

  /** As the longer one, on this machine's disk. */
  static Foundation open(
      Path dataDir,
      Installation installation,
      SecureRandom random,
      InstantSource clock,
      Consumer<StoreUnavailable> broken)
      throws IOException {
    return open(dataDir, installation, random, clock, broken, Ground.local());
  }

  /**
   * Opens the state of a data directory. Once a sync fails of any file in it, the state takes no
   * more writes.
   *
   * @param broken told where the state takes no more writes until it is opened again
   * @throws Refusal where the root key is not this directory's, or the state is held or damaged
   */
  static Foundation open(
      Path dataDir,
      Installation installation,
      SecureRandom random,
      InstantSource clock,
      Consumer<StoreUnavailable> broken,
      Ground ground)
      throws IOException {
    // A key that does not fit is found before anything is touched.
    Optional<Keyring> known =
        Files.exists(dataDir.resolve(KEYRING))
            ? Optional.of(open(dataDir, installation, random, ground.disk()))
            : Optional.empty();
    var disk = DiskSpace.open(dataDir, ground.disk(), broken);
    RocksStore rocks;
    try {
      rocks = rocks(dataDir, disk, ground.ofState());
    } catch (RuntimeException e) {
      known.ifPresent(Keyring::close);
      throw e;
    }
    try {
      Keyring keyring =
          known.isPresent() ? known.get() : open(dataDir, installation, random, ground.disk());
      Store store = sealed(rocks, keyring, dataDir);
      var state = new State(new Database(store), disk.reserve()::admit);
      ground.disk().onFailure(failed -> end(failed, rocks, broken));
      Backups.tidy(dataDir); // no other process makes one: the state is ours alone by now
      disk.reserve().start();
      return new Foundation(store, keyring, state, Optional.of(disk), ground.disk(), random, clock);
    } catch (IOException | RuntimeException e) {
      rocks.close();
      throw e;
    }
  }

  /** Nothing is acknowledged from here on, of whatever file it was. */
  private static void end(DiskBroken failed, RocksStore rocks, Consumer<StoreUnavailable> broken) {
    var reason = new StoreUnavailable(String.valueOf(failed.getMessage()), failed);
    rocks.fail(reason);
    broken.accept(reason);
  }

  private static Keyring open(
      Path dataDir, Installation installation, SecureRandom random, Disk disk) throws IOException {
    try {
      return keyring(dataDir, installation, random, disk);
    } catch (SealException e) {
      throw new Refusal(keyringRefused(installation, dataDir, e));
    }
  }

  /**
   * Opens the state. It comes before the keyring at the first start, so that from then on a
   * directory with a keyring must have its state, and one with state its keyring: nothing that is
   * missing is ever made anew.
   */
  private static RocksStore rocks(Path dataDir, DiskSpace disk, RocksStore.Ground ground) {
    Path state = dataDir.resolve("state");
    try {
      if (Files.exists(dataDir.resolve(KEYRING))) {
        return RocksStore.openExisting(state, disk, ground);
      }
      if (Files.exists(dataDir.resolve("blobs").resolve("sha256"))) {
        throw new Refusal(missing(dataDir, KEYRING));
      }
      RocksStore rocks = RocksStore.open(state, disk, ground);
      try (Snapshot snapshot = rocks.read()) {
        if (snapshot.revision().isAfter(Revision.NONE)) {
          rocks.close();
          throw new Refusal(missing(dataDir, KEYRING));
        }
      }
      return rocks;
    } catch (StoreDamaged e) {
      throw new Refusal(damaged(dataDir, e));
    }
  }

  /** What to say of a damaged state. */
  static String damaged(Path dataDir, StoreDamaged e) {
    return """
    %s
    Nothing was changed. To see what is wrong:  ./holdfast fsck --data-dir %s
    To go on from a backup:  ./holdfast restore FILE --data-dir ANOTHER
    To give up what is lost and go on from what can be read:  ./holdfast fsck --accept-loss --data-dir %s\
    """
        .formatted(e.getMessage(), dataDir, dataDir);
  }

  private static String missing(Path dataDir, String file) {
    return dataDir.resolve(file)
        + " is missing, and without it nothing here can be read; bring it back from a backup."
        + " Nothing was changed";
  }

  private static SealedStore sealed(RocksStore rocks, Keyring keyring, Path dataDir) {
    try {
      return new SealedStore(rocks, keyring);
    } catch (SealException e) {
      throw new Refusal(
          "%s was not sealed under %s: one of the two is another installation's, or an older copy. Put back the one that belongs here. Nothing was changed"
              .formatted(dataDir.resolve("state"), dataDir.resolve(KEYRING)));
    }
  }

  private static String keyringRefused(Installation installation, Path dataDir, SealException e) {
    return "%s does not open under the root key %s (%s): one of the two is damaged or another installation's. Put back the right one, from a backup or with --root-key FILE. Nothing was changed"
        .formatted(dataDir.resolve(KEYRING), installation.rootKey(), e.getMessage());
  }

  /**
   * Opens the keyring, or makes it at the first start: after the root key, which it is sealed
   * under, and before anything that is sealed under it.
   */
  static Keyring keyring(Path dataDir, Installation installation, SecureRandom random, Disk disk)
      throws IOException {
    Path ring = dataDir.resolve(KEYRING);
    boolean fresh = !Files.exists(ring);
    try (Secret root = RootKey.load(installation, dataDir, fresh, random, disk)) {
      var file = new KeyringFile(ring, disk);
      return fresh
          ? Keyring.create(file, root, random)
          : RootKeyRotation.open(RootKey.file(installation), file, root, random, disk);
    }
  }

  /** The foundation over a store that is open already. */
  static Foundation over(Store store, Keyring keyring, SecureRandom random, InstantSource clock) {
    return new Foundation(
        store,
        keyring,
        new State(new Database(store)),
        Optional.empty(),
        Disk.local(),
        random,
        clock);
  }

  /** The keyring as KMS needs it. */
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

  /** A seal of its own kind: a token of one purpose never opens under another. */
  Seal seal(String purpose) {
    return new Seal(key(purpose), random);
  }

  /** A 32-byte key for one purpose, the same after every restart until a backup is restored. */
  byte[] key(String purpose) {
    try (Secret key = keyring.derive(Epoch.of(state).purpose(purpose))) {
      return key.bytes().clone();
    }
  }

  /** Keys and what is encrypted with them, over the keyring. */
  Kms kms(Iam iam, AuditLog log, PageTokens pages) {
    var wrapper = new KeyringWrapper(keyring);
    return Kms.create(
        new Kms.Needs(state, wrapper, iam.guard(), log, pages, random, Iam::uniqueId));
  }

  /** Parameter Store. */
  Ssm ssm(Iam iam, Kms kms, PageTokens pages) {
    return Ssm.create(
        new Ssm.Needs(
            state,
            kms,
            iam.guard(),
            Iam::uniqueId,
            pages,
            new IamMachines(iam.sessions()),
            random));
  }

  /** Secrets Manager. */
  Secrets secrets(Iam iam, Kms kms, PageTokens pages) {
    return Secrets.create(new Secrets.Needs(state, kms, iam.guard(), Iam::uniqueId, pages, random));
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
