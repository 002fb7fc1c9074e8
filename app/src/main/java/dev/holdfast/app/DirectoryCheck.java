// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import dev.holdfast.app.cli.CheckOptions;
import dev.holdfast.app.cli.CheckOptions.Mode;
import dev.holdfast.app.cli.CheckReport;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Secret;
import dev.holdfast.kit.disk.Disk;
import dev.holdfast.registry.blob.BlobStore;
import dev.holdfast.registry.blob.FileBlobStore;
import dev.holdfast.registry.model.Digest;
import dev.holdfast.service.Finding;
import dev.holdfast.service.Profile;
import dev.holdfast.store.Database;
import dev.holdfast.store.Store;
import dev.holdfast.store.StoreDamaged;
import dev.holdfast.store.StoreUnavailable;
import dev.holdfast.store.TableCheck;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Checks a data directory on which no server runs: its files, its keys, every row of its state and
 * every byte of its blobs. Each step needs the ones before it.
 */
final class DirectoryCheck {
  private final CheckOptions options;
  private final SecureRandom random;
  private final InstantSource clock;
  private final Path dir;
  private final Path state;
  private final List<Finding> findings = new ArrayList<>();
  private final List<String> done = new ArrayList<>();
  private String looked = "";

  private DirectoryCheck(CheckOptions options, SecureRandom random, InstantSource clock) {
    this.options = options;
    this.random = random;
    this.clock = clock;
    this.dir = options.dataDir();
    this.state = dir.resolve("state");
  }

  /** Checks a directory, and mends of it what the options allow. */
  static CheckReport run(CheckOptions options, SecureRandom random, InstantSource clock)
      throws IOException {
    var check = new DirectoryCheck(options, random, clock);
    check.run();
    return new CheckReport(
        "Looked at " + check.dir + (check.looked.isEmpty() ? "." : ": " + check.looked + "."),
        check.findings,
        check.done);
  }

  private boolean mends() {
    return options.mode() != Mode.LOOK;
  }

  private void run() throws IOException {
    FileCheck files = FileCheck.of(dir);
    findings.addAll(files.findings());
    if (mends()) {
      done.addAll(files.mend());
    }
    BlobStore blobs = uploads();
    try (Keyring keyring = keyring()) {
      if (keyring != null && stateOpens()) {
        state(keyring, blobs);
      } else {
        blobsAlone(blobs);
      }
    }
    if (mends()) {
      setAside(blobs);
    }
  }

  /** The keyring, or null where it does not open, which is a finding. */
  private @Nullable Keyring keyring() throws IOException {
    Installation installation = installation();
    Path ring = dir.resolve(Foundation.KEYRING);
    if (!Files.exists(ring)) {
      boolean empty = !Files.exists(state) && !Files.exists(dir.resolve("blobs"));
      findings.add(
          empty
              ? Finding.note(dir.toString(), "holds nothing yet: no platform was started on it")
              : Finding.lost(
                  ring.toString(), "is missing, and without it nothing here can be read"));
      return null;
    }
    try (Secret root = RootKey.load(installation, dir, false, random)) {
      Path file = RootKey.file(installation);
      if (Files.exists(RootKeyRotation.next(file))) {
        findings.add(
            Finding.note(
                RootKeyRotation.next(file).toString(),
                "is of a rotation of the root key that was interrupted; the next start ends it"));
      }
      return RootKeyRotation.look(file, new KeyringFile(ring), root, random);
    } catch (Refusal e) {
      findings.add(Finding.damage("the root key:", String.valueOf(e.getMessage()), ""));
    } catch (SealException e) {
      findings.add(
          Finding.damage(
              ring.toString(),
              "does not open under the root key " + installation.rootKey() + ": " + e.getMessage(),
              "put back the right one of the two, from a backup or with --root-key FILE"));
    }
    return null;
  }

  /** What the directory says it is; where it says nothing, what it may be. */
  private Installation installation() throws IOException {
    Path file = dir.resolve(Installation.FILE);
    Optional<Installation> said = Installation.readable(file);
    Path beside = dir.resolve("root.key");
    Installation known =
        said.orElseGet(
            () ->
                new Installation(
                    "000000000000",
                    Files.exists(beside) ? Profile.DEV : Profile.STANDARD,
                    new AccountId("000000000000"),
                    beside.toString()));
    Path given = options.rootKey();
    return given == null
        ? known
        : new Installation(known.id(), known.profile(), known.account(), given.toString());
  }

  private boolean stateOpens() {
    try {
      if (RocksStore.isTorn(state)) {
        findings.add(
            Finding.note(
                "the state:",
                "has a torn note at the end of its manifest, as a power cut leaves it; the next"
                    + " start, or ./holdfast fsck --repair, cuts it off"));
        cutOff();
      }
      return reads();
    } catch (StoreDamaged e) {
      if (options.mode() == Mode.ACCEPT_LOSS && Files.isDirectory(state)) {
        return acceptLoss(e);
      }
      findings.add(
          Finding.damage(
              "the state:",
              String.valueOf(e.getMessage()),
              Finding.RESTORE + ", or give up what is lost: ./holdfast fsck --accept-loss"));
    } catch (StoreUnavailable e) {
      findings.add(
          Finding.damage(
              "the state:",
              String.valueOf(e.getMessage()),
              "see to that, then check again: ./holdfast fsck"));
    }
    return false;
  }

  /** Whether the state can be read to its last byte; what cannot comes back from a backup alone. */
  private boolean reads() {
    try (Store store = RocksStore.openReadOnly(state)) {
      try {
        store.verifyChecksums();
        return true;
      } catch (StoreUnavailable e) {
        findings.add(Finding.lost("the state:", String.valueOf(e.getMessage())));
        return false;
      }
    }
  }

  private void cutOff() {
    if (mends()) {
      RocksStore.openExisting(state).close();
      done.add("the torn note at the end of the state's manifest is cut off");
    }
  }

  private boolean acceptLoss(StoreDamaged damage) {
    Path aside = dir.resolve("damaged-" + clock.instant().toEpochMilli());
    try {
      RocksStore.Loss loss = RocksStore.acceptLoss(state, aside);
      var known = loss.acknowledged();
      done.add(
          "the state ends at revision %d now; %s. What was there is kept in %s. It was: %s"
              .formatted(
                  loss.there().number(),
                  known == null
                      ? "nobody can tell how many commits are lost"
                      : Math.max(0, known.number() - loss.there().number())
                          + " acknowledged commits are lost",
                  aside,
                  damage.getMessage()));
      try (Store store = RocksStore.openReadOnly(state)) {
        store.verifyChecksums();
      }
      return true;
    } catch (StoreUnavailable e) {
      findings.add(Finding.lost("the state:", String.valueOf(e.getMessage())));
      return false;
    }
  }

  private void state(Keyring keyring, BlobStore blobs) throws IOException {
    Checks.Result result;
    Installation sealed;
    try (Store store = new SealedStore(RocksStore.openReadOnly(state), keyring)) {
      result = new Checks(keyring, blobs, random, clock).run(store);
      sealed = new Database(store).read(Installation::sealed);
    } catch (SealException e) {
      findings.add(
          Finding.damage(
              state.toString(),
              "was not sealed under " + dir.resolve(Foundation.KEYRING) + ": " + e.getMessage(),
              "put back the one of the two that belongs here"));
      return;
    } catch (StoreUnavailable e) {
      findings.add(Finding.lost("the state:", String.valueOf(e.getMessage())));
      return;
    }
    findings.addAll(result.findings());
    looked = result.rows() + " rows, " + blobs.all().size() + " blobs";
    compare(sealed);
    List<TableCheck.Flaw> flaws = result.flaws();
    if (mends() && flaws.stream().anyMatch(flaw -> flaw.mend() != null)) {
      try (Store store = new SealedStore(RocksStore.openExisting(state), keyring)) {
        done.add(TableCheck.mend(store, flaws) + " index entries agree with their rows now");
      }
    }
  }

  /** Compares installation.json with what was sealed. */
  private void compare(@Nullable Installation sealed) throws IOException {
    Path file = dir.resolve(Installation.FILE);
    Optional<Installation> said = Installation.readable(file);
    if (sealed == null) {
      if (said.isEmpty()) {
        findings.add(Finding.lost(file.toString(), "is missing or damaged, and was never sealed"));
      }
      return;
    }
    if (said.isPresent() && said.get().same(sealed)) {
      return;
    }
    findings.add(
        Finding.damage(
            file.toString(),
            said.isEmpty()
                ? "is missing or damaged"
                : "does not say what was sealed when this directory was made",
            "./holdfast fsck --repair writes it again from its sealed copy"));
    if (mends()) {
      Path key = options.rootKey();
      Installation right =
          key == null
              ? sealed
              : new Installation(sealed.id(), sealed.profile(), sealed.account(), key.toString());
      right.write(dir, Disk.local());
      done.add(file + " says again what was sealed");
    }
  }

  private BlobStore uploads() throws IOException {
    FileBlobStore blobs = FileBlobStore.look(dir.resolve("blobs"));
    List<Path> dead = blobs.deadUploads();
    if (!dead.isEmpty()) {
      findings.add(
          Finding.note(
              dead.size() + " uploads",
              "were under way when the server ended; they go at its next start"));
      if (mends()) {
        for (Path upload : dead) {
          Disk.local().deleteIfExists(upload);
        }
        done.add(dead.size() + " dead uploads are removed");
      }
    }
    return blobs;
  }

  /** Where the state cannot say what is wanted: what the blobs say of themselves. */
  private void blobsAlone(BlobStore blobs) throws IOException {
    for (Digest digest : blobs.all()) {
      if (blobs.verify(digest) == BlobStore.Verdict.DAMAGED) {
        findings.add(
            Finding.damage(
                "blob " + digest,
                "has other bytes than its digest says",
                "./holdfast fsck --repair sets it aside"));
      }
    }
  }

  private void setAside(BlobStore blobs) throws IOException {
    for (Digest digest : blobs.all()) {
      if (blobs.verify(digest) == BlobStore.Verdict.DAMAGED && blobs.quarantine(digest)) {
        done.add("blob " + digest + " is in blobs/quarantine; push its images again");
      }
    }
  }
}
