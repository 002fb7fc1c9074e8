// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import dev.holdfast.app.cli.Processes;
import dev.holdfast.app.cli.Processes.Listener;
import dev.holdfast.store.StoreUnavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** What is done on a data directory without a server; the caller holds the directory's lock. */
record Offline() implements Processes.Custody {
  /** Some work on a directory that is open. */
  private interface Work {
    String run(OpenDirectory directory) throws IOException;
  }

  @Override
  public String backup(
      Path dataDir, @Nullable Path rootKey, Path target, boolean withoutKeyExport, Listener told) {
    return on(
        dataDir,
        rootKey,
        directory -> {
          var made = new Backups(directory).make(target, withoutKeyExport, told::hear);
          return String.valueOf(Backups.shown(made, target).string("text"));
        });
  }

  @Override
  public String exportKey(Path dataDir, @Nullable Path rootKey, Path file) {
    return on(dataDir, rootKey, directory -> new KeyExport(directory).to(file));
  }

  @Override
  public String rotateKey(Path dataDir, @Nullable Path rootKey, boolean endSessions) {
    return on(dataDir, rootKey, directory -> new RootKeyRotation(directory).run(endSessions));
  }

  @Override
  public String restore(
      Path vault, @Nullable String cut, Path dataDir, Path rootKey, Listener told) {
    return explained(
        () ->
            Restore.run(
                new Restore.Options(vault, cut, dataDir, rootKey),
                told::hear,
                new SecureRandom(),
                InstantSource.system()));
  }

  private static String on(Path dataDir, @Nullable Path rootKey, Work work) {
    return explained(
        () -> {
          if (!Files.exists(dataDir.resolve(Installation.FILE))) {
            throw new Refusal("there is no installation in " + dataDir);
          }
          var random = new SecureRandom();
          Installation installation = Installation.open(dataDir, null, rootKey, random);
          try (OpenDirectory directory =
              OpenDirectory.open(dataDir, installation, random, InstantSource.system())) {
            return work.run(directory);
          }
        });
  }

  private interface Attempt {
    String run() throws IOException;
  }

  private static String explained(Attempt attempt) {
    try {
      return attempt.run();
    } catch (Refusal | StoreUnavailable | IOException e) {
      throw new Processes.Failed(e.getMessage() == null ? String.valueOf(e) : e.getMessage());
    }
  }
}
