// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Region;
import dev.holdfast.kit.disk.FailingDisk;
import dev.holdfast.registry.blob.BlobStore;
import dev.holdfast.registry.blob.FileBlobStore;
import dev.holdfast.registry.control.Collector;
import dev.holdfast.registry.control.Damage;
import dev.holdfast.registry.control.Scrub;
import dev.holdfast.registry.model.BlobLink;
import dev.holdfast.registry.model.Digest;
import dev.holdfast.registry.model.Images;
import dev.holdfast.registry.model.RegistryTables;
import dev.holdfast.registry.model.RepositoryId;
import dev.holdfast.registry.model.ScrubState;
import dev.holdfast.service.State;
import dev.holdfast.store.Database;
import dev.holdfast.store.StoreFull;
import dev.holdfast.store.Table;
import dev.holdfast.store.memory.MemoryStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScrubTest {
  private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
  private static final long FAST = 1L << 40;

  @TempDir private Path root;

  private final State state = new State(new Database(new MemoryStore()));
  private final List<Digest> digests =
      IntStream.range(0, 20).mapToObj(i -> Digest.of(content(i))).sorted().toList();

  private static byte[] content(int i) {
    return ("blob " + i).repeat(1000).getBytes(StandardCharsets.UTF_8);
  }

  @BeforeEach
  void fill() throws IOException {
    BlobStore blobs = FileBlobStore.open(root);
    for (int i = 0; i < 20; i++) {
      try (BlobStore.Ingest ingest = blobs.ingest()) {
        ingest.append(new ByteArrayInputStream(content(i)));
        assertThat(ingest.publish(Digest.of(content(i)))).isTrue();
      }
    }
  }

  private Scrub scrub(long pace) {
    return new Scrub(state, FileBlobStore.look(root), InstantSource.fixed(NOW), pace);
  }

  private void hurt(Digest digest) throws IOException {
    String hex = digest.hex();
    Path file = root.resolve("sha256").resolve(hex.substring(0, 2)).resolve(hex);
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 1] ^= 1;
    Files.write(file, bytes);
  }

  @Test
  void readsEveryBlobAndSetsTheDamagedAside() throws IOException {
    hurt(digests.get(3));
    hurt(digests.get(17));
    ScrubState pass = scrub(FAST).pass();
    assertThat(pass.blobs()).isEqualTo(20);
    assertThat(pass.damaged()).isEqualTo(2);
    assertThat(FileBlobStore.look(root).quarantined())
        .containsExactly(digests.get(3), digests.get(17));
    assertThat(scrub(FAST).pass().damaged()).as("the next pass begins anew").isZero();
  }

  /** What was set aside is missing from then on; it was found once. */
  @Test
  void countsADamagedBlobOfARepositoryOnce() throws IOException {
    digests.forEach(this::link);
    Digest missing = Digest.of(new byte[] {1});
    link(missing);
    hurt(digests.get(3));
    ScrubState pass = scrub(FAST).pass();
    assertThat(pass.blobs()).isEqualTo(21);
    assertThat(pass.damaged()).as("the damaged one and the missing one").isEqualTo(2);
    assertThat(FileBlobStore.look(root).quarantined())
        .containsExactlyInAnyOrder(digests.get(3), missing);
    assertThat(scrub(FAST).pass().damaged()).as("known already").isZero();
    assertThat(new Damage(state, FileBlobStore.look(root)).lines()).hasSize(2);
  }

  @Test
  void goesOnWhereAPassWasInterrupted() throws IOException {
    hurt(digests.get(3));
    hurt(digests.get(17));
    state.own(
        tx -> {
          var half = new ScrubState(NOW, digests.get(9), 10, 0, null);
          tx.put(RegistryTables.SCRUB, Table.PLATFORM, "scrub", half);
          return half;
        });
    ScrubState pass = scrub(FAST).pass();
    assertThat(pass.blobs()).isEqualTo(20);
    assertThat(pass.damaged()).as("only the second half was read").isEqualTo(1);
  }

  @Test
  void goesOnBehindABlobThatCannotBeSetAside() throws IOException {
    hurt(digests.get(3));
    hurt(digests.get(17));
    var disk = new FailingDisk();
    BlobStore blobs = FileBlobStore.open(root, disk);
    disk.failNext(root::equals, "Read-only file system");
    var scrub = new Scrub(state, blobs, InstantSource.fixed(NOW), FAST);
    ScrubState pass = scrub.pass();
    assertThat(disk.isToFail()).isFalse();
    assertThat(pass.blobs()).isEqualTo(20);
    assertThat(pass.damaged()).isEqualTo(2);
    assertThat(blobs.quarantined()).containsExactly(digests.get(17));
    assertThat(blobs.stuck()).containsOnlyKeys(digests.get(3));
    link(digests.get(3));
    assertThat(new Damage(state, blobs).lines())
        .singleElement()
        .asString()
        .contains(digests.get(3).text())
        .contains("Read-only file system");
    unlink();
    assertThat(scrub.pass().damaged()).as("tried again from the beginning").isEqualTo(1);
    assertThat(blobs.stuck()).isEmpty();
    assertThat(blobs.quarantined()).contains(digests.get(3));
  }

  private static final RepositoryId SHOP =
      new RepositoryId(new AccountId("123456789012"), new Region("eu-test-1"), "shop");

  private void link(Digest digest) {
    state.own(
        tx -> {
          Images.link(tx, SHOP, new BlobLink(digest, 1, NOW));
          return digest;
        });
  }

  private void unlink() {
    state.own(
        tx -> {
          Images.deleteAll(tx, SHOP);
          return SHOP;
        });
  }

  /** Of a blob that nobody wants any more there is nothing to be told, nor to be remembered. */
  @Test
  void forgetsWhatCouldNotBeSetAsideWithItsLastRepository() throws IOException {
    Digest missing = Digest.of(new byte[] {1});
    link(missing);
    var disk = new FailingDisk();
    BlobStore blobs = FileBlobStore.open(root, disk);
    disk.failNext(root::equals, "Read-only file system");
    new Scrub(state, blobs, InstantSource.fixed(NOW), FAST).pass();
    assertThat(blobs.stuck()).containsOnlyKeys(missing);
    assertThat(new Damage(state, blobs).lines()).hasSize(1);
    unlink();
    assertThat(new Damage(state, blobs).lines()).isEmpty();
    new Collector(state, blobs).collect(NOW);
    assertThat(blobs.stuck()).isEmpty();
  }

  @Test
  void goesOnWhereItWasClosed() throws IOException {
    var calls = new AtomicInteger();
    var stopped = new AtomicReference<@Nullable Scrub>();
    InstantSource clock =
        () -> {
          Scrub scrub = stopped.get();
          if (scrub != null && calls.incrementAndGet() == 10) {
            scrub.close();
          }
          return NOW;
        };
    var scrub = new Scrub(state, FileBlobStore.look(root), clock, FAST);
    stopped.set(scrub);
    assertThatThrownBy(scrub::pass).isInstanceOf(InterruptedIOException.class);
    ScrubState stands = Objects.requireNonNull(scrub.stands());
    assertThat(stands.blobs()).isBetween(5L, 12L);
    assertThat(stands.ended()).isNull();
    hurt(digests.getFirst()); // read before
    assertThat(scrub(FAST).pass().damaged()).isZero();
  }

  /** A killed process writes nothing at its end. */
  @Test
  void writesItsPlaceDownAsTimeGoesBy() throws IOException {
    var now = new AtomicReference<>(NOW);
    var places = new HashSet<Digest>();
    InstantSource clock =
        () -> {
          ScrubState stands =
              state.read(view -> view.get(RegistryTables.SCRUB, Table.PLATFORM, "scrub"));
          if (stands != null && stands.after() != null) {
            places.add(stands.after());
          }
          return now.updateAndGet(time -> time.plusSeconds(31));
        };
    new Scrub(state, FileBlobStore.look(root), clock, FAST).pass();
    assertThat(places).hasSizeGreaterThan(15);
  }

  private @Nullable Instant ends(ScrubState before) throws InterruptedException {
    state.own(
        tx -> {
          tx.put(RegistryTables.SCRUB, Table.PLATFORM, "scrub", before);
          return before;
        });
    Scrub scrub = scrub(FAST);
    scrub.startWhereDue();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (scrub.isRunning() && System.nanoTime() < deadline) {
      LockSupport.parkNanos(1_000_000);
    }
    scrub.close();
    ScrubState stands = scrub.stands();
    return stands == null ? null : stands.ended();
  }

  @Test
  void beginsWhereTheLastPassIsADayOldOrWasInterrupted() throws Exception {
    Instant recently = NOW.minus(Duration.ofHours(23));
    assertThat(ends(ScrubState.begin(recently).end(recently))).isEqualTo(recently);
    Instant before = NOW.minus(Duration.ofHours(24));
    assertThat(ends(ScrubState.begin(before).end(before))).isEqualTo(NOW);
    assertThat(ends(ScrubState.begin(recently))).isEqualTo(NOW);
    Instant leapt = NOW.plus(Duration.ofDays(3650));
    assertThat(ends(ScrubState.begin(leapt).end(leapt))).isEqualTo(NOW);
  }

  @Test
  void isSlowAndEndsAtOnceWhenClosed() {
    Scrub scrub = scrub(1000); // a second a kilobyte
    scrub.close();
    assertThatThrownBy(scrub::pass).isInstanceOf(InterruptedIOException.class);
  }

  @Test
  void goesOnToItsEndOnAFullDisk() throws IOException {
    hurt(digests.get(3));
    var full =
        new State(
            new Database(new MemoryStore()),
            _ -> {
              throw new StoreFull("the disk is full");
            });
    var scrub = new Scrub(full, FileBlobStore.look(root), InstantSource.fixed(NOW), FAST);
    assertThat(scrub.pass().blobs()).isEqualTo(20);
    assertThat(FileBlobStore.look(root).quarantined()).containsExactly(digests.get(3));
    assertThat(scrub.stands()).as("nothing is written down").isNull();
  }
}
