// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import dev.holdfast.ecs.model.Cluster;
import dev.holdfast.ecs.model.ContainerInstance;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.Host;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.model.TaskDefinition;
import dev.holdfast.ecs.model.TaskStatus;
import dev.holdfast.iam.control.Accounts;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Hashes;
import dev.holdfast.kit.JsonValue.JsonObject;
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
import dev.holdfast.service.State;
import dev.holdfast.store.Table;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
    return launch(path, Profile.DEV, null);
  }

  /** As {@link #launch(Path)}, in a profile, with its root key at a place. */
  static Ship launch(Path path, Profile profile, @Nullable Path key) throws IOException {
    java.nio.file.Files.createDirectories(path);
    var random = new SecureRandom();
    OpenDirectory directory =
        OpenDirectory.open(
            path, Installation.open(path, profile, key, random), random, InstantSource.system());
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

  /** One that was launched before. */
  static Ship again(Path path) throws IOException {
    OpenDirectory directory = open(path);
    return new Ship(path, directory, directory.iam().accounts().create());
  }

  static OpenDirectory open(Path path) throws IOException {
    var random = new SecureRandom();
    Installation installation = Installation.open(path, null, null, random);
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

  /** Has a task that runs, with all that belongs to it. */
  Task.Key run() {
    return run(directory.foundation().state(), home());
  }

  /** As {@link #run()}, in any state. */
  static Task.Key run(State state, AccountId account) {
    Instant now = Instant.now();
    var key = new Task.Key(account, REGION, "shop", "0123456789abcdef0123456789abcdef");
    var instance = new ContainerInstance.Key(account, REGION, "shop", "i");
    var task =
        new Task(
            key,
            new Task.Launch(
                new TaskDefinition.Key(account, REGION, "web", 1),
                "family:web",
                null,
                "EC2",
                JsonObject.EMPTY,
                null,
                null),
            new Task.Placement("i", Host.LOCAL),
            new Task.Environment(null, "none"),
            List.of(),
            new Task.Credentials(null, null, null, null, List.of()),
            TaskStatus.placed(now)
                .told()
                .with(TaskStatus.Last.RUNNING, TaskStatus.Times.created(now)),
            List.of(),
            List.of());
    var needs = new Host.Needs(128, 128, List.of(), List.of());
    var host =
        new Host(Host.LOCAL, "X86_64", 2048, 4096, List.of(), List.of(), List.of())
            .book(new Host.Booking(key.arn().toString(), needs));
    state.own(
        tx -> {
          tx.put(
              EcsTables.CLUSTERS,
              account,
              key.clusterKey(),
              new Cluster(key.clusterKey(), Cluster.Status.ACTIVE, now, List.of()));
          tx.put(EcsTables.HOSTS, Table.PLATFORM, host.id(), host);
          tx.put(
              EcsTables.INSTANCES,
              account,
              instance,
              new ContainerInstance(
                  instance,
                  Host.LOCAL,
                  null,
                  ContainerInstance.Status.ACTIVE,
                  now,
                  JsonObject.EMPTY,
                  0,
                  1));
          tx.put(EcsTables.TASKS, account, key, task);
          return now;
        });
    return key;
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
    restore(vault, target, Path.of(directory.installation().rootKey()));
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
