// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import dev.holdfast.iam.control.Accounts;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Hashes;
import dev.holdfast.kit.Region;
import dev.holdfast.registry.blob.BlobStore;
import dev.holdfast.registry.model.BlobLink;
import dev.holdfast.registry.model.Digest;
import dev.holdfast.registry.model.Image;
import dev.holdfast.registry.model.ImageTag;
import dev.holdfast.registry.model.Images;
import dev.holdfast.registry.model.RegistryTables;
import dev.holdfast.registry.model.Repository;
import dev.holdfast.registry.model.RepositoryId;
import dev.holdfast.registry.model.TagMutability;
import dev.holdfast.service.Profile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** A data directory without a server, and things to put into it. */
final class Ship implements AutoCloseable {
  private static final Region REGION = new Region("eu-central-1");
  static final Progress QUIET = _ -> {};

  final Path path;
  final OpenDirectory directory;
  final RepositoryId repository;
  final Accounts.Created account;

  private Ship(Path path, OpenDirectory directory, Accounts.Created account) {
    this.path = path;
    this.directory = directory;
    this.account = account;
    this.repository = new RepositoryId(directory.installation().account(), REGION, "shop/web");
  }

  /** A new one, with an account and a repository. */
  static Ship launch(Path path) throws IOException {
    java.nio.file.Files.createDirectories(path);
    OpenDirectory directory = open(path);
    directory.iam().accounts().ensureLocal(directory.installation().account());
    var ship = new Ship(path, directory, directory.iam().accounts().create());
    RepositoryId id = ship.repository;
    directory
        .foundation()
        .state()
        .own(
            tx -> {
              tx.put(
                  RegistryTables.REPOSITORIES,
                  id.account(),
                  id,
                  new Repository(
                      id.account(),
                      id.region(),
                      id.name(),
                      Instant.now(),
                      TagMutability.MUTABLE,
                      List.of()));
              return id;
            });
    return ship;
  }

  static OpenDirectory open(Path path) throws IOException {
    var random = new SecureRandom();
    Installation installation = Installation.open(path, Profile.DEV, null, random);
    return OpenDirectory.open(path, installation, random, InstantSource.system());
  }

  AccountId home() {
    return directory.installation().account();
  }

  /** Pushes an image of one layer under a tag, as a client does: bytes, link, manifest, tag. */
  Digest push(String tag, byte[] layer) throws IOException {
    Digest blob = publish(directory.blobs(), layer);
    byte[] manifest = ("{\"layer\":\"" + blob + "\"}").getBytes(StandardCharsets.UTF_8);
    Digest digest = Digest.of(manifest);
    Instant now = Instant.now();
    var image =
        new Image(
            REGION,
            repository.name(),
            digest,
            "application/vnd.oci.image.manifest.v1+json",
            null,
            manifest.length,
            layer.length,
            now,
            List.of(blob),
            List.of(),
            null);
    directory
        .foundation()
        .state()
        .own(
            tx -> {
              Images.link(tx, repository, new BlobLink(blob, layer.length, now));
              return now;
            });
    directory
        .foundation()
        .state()
        .own(
            tx -> {
              Images.put(tx, repository, image, manifest);
              Images.tag(tx, repository, new ImageTag(REGION, repository.name(), tag, digest, now));
              return now;
            });
    return blob;
  }

  static Digest publish(BlobStore blobs, byte[] bytes) throws IOException {
    Digest digest = Digest.ofHash(Hashes.sha256(bytes));
    try (BlobStore.Ingest ingest = blobs.ingest()) {
      ingest.append(new ByteArrayInputStream(bytes));
      ingest.publish(digest);
    }
    return digest;
  }

  /** Backs up; the key counts as kept elsewhere. */
  Backups.Made backup(Path vault) throws IOException {
    return new Backups(directory).make(vault, true, QUIET);
  }

  /** Restores the newest backup of a folder with this directory's key. */
  void restore(Path vault, Path target) throws IOException {
    restore(vault, target, path.resolve("root.key"));
  }

  static void restore(Path vault, Path target, Path key) throws IOException {
    Restore.run(
        new Restore.Options(vault, null, target, key),
        QUIET,
        new SecureRandom(),
        InstantSource.system());
  }

  @Override
  public void close() {
    directory.close();
  }
}
