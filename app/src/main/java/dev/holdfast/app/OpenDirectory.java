// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import dev.holdfast.iam.Iam;
import dev.holdfast.registry.blob.BlobStore;
import dev.holdfast.registry.blob.FileBlobStore;
import dev.holdfast.registry.control.Collector;
import dev.holdfast.service.Guardrails;
import dev.holdfast.store.StoreUnavailable;
import dev.holdfast.trail.Trail;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;

/**
 * A data directory that is open with what the operator's own commands work on, with a server around
 * it or without one.
 */
record OpenDirectory(
    Path path,
    Installation installation,
    Foundation foundation,
    Iam iam,
    Trail trail,
    BlobStore blobs,
    Collector collector)
    implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("platform");

  /**
   * Opens a directory that no server has open; the caller holds its lock.
   *
   * @throws Refusal where it cannot be opened
   */
  static OpenDirectory open(
      Path path, Installation installation, SecureRandom random, InstantSource clock)
      throws IOException {
    return open(path, installation, random, clock, Foundation.Ground.local());
  }

  /** As {@link #open(Path, Installation, SecureRandom, InstantSource)}, on a given disk. */
  static OpenDirectory open(
      Path path,
      Installation installation,
      SecureRandom random,
      InstantSource clock,
      Foundation.Ground ground)
      throws IOException {
    Foundation foundation = Foundation.open(path, installation, random, clock, _ -> {}, ground);
    try {
      installation.confirm(foundation.state());
      Trail trail = Trail.create(foundation.state(), foundation.pages(), clock);
      Iam iam =
          Iam.create(
              foundation.state(),
              new Iam.Keys(foundation.key("session")),
              new Guardrails(installation.profile()),
              foundation.pages(),
              random,
              clock);
      BlobStore blobs = FileBlobStore.open(path.resolve("blobs"), foundation.files());
      return new OpenDirectory(
          path,
          installation,
          foundation,
          iam,
          trail,
          blobs,
          new Collector(foundation.state(), blobs));
    } catch (IOException | RuntimeException e) {
      foundation.close();
      throw e;
    }
  }

  /** What is damaged in the state, as far as it was read; a line each, with what to do. */
  List<String> damage() {
    return foundation.store().damage().stream()
        .map(
            found ->
                "the state is damaged: %s. What is read from there fails. Stop the platform and check it: ./holdfast fsck --data-dir %s; damaged table files come back from a backup: ./holdfast restore FILE --data-dir ANOTHER"
                    .formatted(found, path))
        .toList();
  }

  /** Reads the whole state; what is damaged is among the {@link #damage} from then on. */
  void verifyChecksums() {
    try {
      foundation.store().verifyChecksums();
    } catch (StoreUnavailable e) {
      if (damage().isEmpty()) {
        throw e;
      }
      damage().forEach(line -> LOG.log(System.Logger.Level.ERROR, line));
    }
  }

  OperatorCalls operator() {
    return new OperatorCalls(
        iam, trail.log(), installation.account(), foundation.random(), foundation.clock());
  }

  /** Closes what {@link #open} opened. */
  @Override
  public void close() {
    trail.close();
    foundation.close();
  }
}
