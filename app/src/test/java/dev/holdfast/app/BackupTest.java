// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.app.backup.Piece;
import dev.holdfast.app.backup.Vault;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.iam.control.RestoredKeys;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.registry.blob.BlobStore;
import dev.holdfast.registry.control.Collector;
import dev.holdfast.registry.model.Digest;
import dev.holdfast.registry.model.Images;
import dev.holdfast.service.Finding;
import dev.holdfast.service.GuardrailException;
import dev.holdfast.service.GuardrailExceptions;
import dev.holdfast.service.Guardrails;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BackupTest {
  @TempDir private Path temp = Path.of("");

  private Path at(String name) {
    return temp.resolve(name);
  }

  @Test
  void bringsBackWhatWasThere() throws IOException {
    try (Ship ship = Ship.launch(at("data"))) {
      Digest blob = ship.push("1", new byte[] {1, 2, 3});
      ship.backup(at("vault"));
      ship.restore(at("vault"), at("other"));
      try (OpenDirectory other = Ship.open(at("other"))) {
        assertThat(other.iam().accounts().exists(ship.account.account())).isTrue();
        assertThat(other.blobs().verify(blob)).isEqualTo(BlobStore.Verdict.INTACT);
        assertThat(other.installation().account()).isEqualTo(ship.home());
        assertThat(other.installation().id()).isNotEqualTo(ship.directory.installation().id());
        assertThat(other.trail().verify().ok()).isTrue();
        assertThat(Epoch.of(other.foundation().state()).number()).isEqualTo(1);
        assertThat(damage(other)).isEmpty();
      }
    }
  }

  private static List<String> damage(OpenDirectory directory) {
    var checks =
        new Checks(
            directory.foundation().keyring(),
            directory.blobs(),
            directory.foundation().random(),
            directory.foundation().clock());
    return checks.run(directory.foundation().store()).findings().stream()
        .filter(Finding::isDamage)
        .map(Finding::text)
        .toList();
  }

  @Test
  void endsSessionsAndLetsKeysWaitForAConfirmation() throws IOException {
    try (Ship ship = Ship.launch(at("data"))) {
      String key = ship.account.credentials().accessKeyId();
      ship.backup(at("vault"));
      var session = ship.directory.iam().accounts().operator(ship.home()).credentials();
      Instant now = Instant.now();
      assertThat(principal(ship.directory, session.accessKeyId(), session.sessionToken(), now))
          .isTrue();
      ship.restore(at("vault"), at("other"));
      try (OpenDirectory other = Ship.open(at("other"))) {
        assertThat(principal(other, session.accessKeyId(), session.sessionToken(), now)).isFalse();
        assertThat(principal(other, key, null, now)).isFalse();
        var fresh = other.iam().accounts().operator(ship.home()).credentials();
        assertThat(principal(other, fresh.accessKeyId(), fresh.sessionToken(), now)).isTrue();

        var keys = new RestoredKeys(other.foundation().state());
        assertThat(keys.waiting()).extracting(k -> k.id()).containsExactly(key);
        var call = other.operator().call("iam.amazonaws.com", "UpdateAccessKey", JsonObject.EMPTY);
        assertThat(keys.confirm(call, key)).isPresent();
        assertThat(principal(other, key, null, now)).isTrue();
        assertThat(keys.waiting()).isEmpty();
        assertThat(keys.confirm(call, key)).isEmpty();
      }
    }
  }

  private static boolean principal(
      OpenDirectory in, String key, @Nullable String token, Instant now) {
    return in.iam().authenticator().principalOf(key, token, now).isPresent();
  }

  @Test
  void lowersNoGuardrailAgain() throws IOException {
    try (Ship ship = Ship.launch(at("data"))) {
      var state = ship.directory.foundation().state();
      Instant now = Instant.now();
      GuardrailExceptions.open(state)
          .add(
              ship.directory
                  .operator()
                  .call("holdfast.internal", "LowerGuardrail", JsonObject.EMPTY),
              new GuardrailException(
                  "e1",
                  ship.home(),
                  Guardrails.ALL.getFirst().id(),
                  "*",
                  null,
                  now.minusSeconds(1),
                  now.plusSeconds(3600),
                  "a drill"));
      assertThat(GuardrailExceptions.open(state).holding(now)).hasSize(1);
      ship.backup(at("vault"));
      ship.restore(at("vault"), at("other"));
      try (OpenDirectory other = Ship.open(at("other"))) {
        assertThat(GuardrailExceptions.open(other.foundation().state()).holding(now)).isEmpty();
      }
    }
  }

  @Test
  void saysOfNoTaskThatItRuns() throws IOException {
    try (Ship ship = Ship.launch(at("data"))) {
      Task.Key key = ship.run();
      ship.backup(at("vault"));
      ship.restore(at("vault"), at("other"));
      try (OpenDirectory other = Ship.open(at("other"))) {
        var task =
            other.foundation().state().read(view -> view.get(EcsTables.TASKS, key.account(), key));
        assertThat(task).isNotNull().matches(t -> !t.live());
        assertThat(damage(other)).isEmpty();
      }
    }
  }

  @Test
  void twoRestoresOfOneBackupDoNotTakeEachOthersSessions() throws IOException {
    try (Ship ship = Ship.launch(at("data"))) {
      ship.backup(at("vault"));
      ship.restore(at("vault"), at("one"));
      ship.restore(at("vault"), at("two"));
      try (OpenDirectory one = Ship.open(at("one"));
          OpenDirectory two = Ship.open(at("two"))) {
        var session = one.iam().accounts().operator(ship.home()).credentials();
        assertThat(principal(two, session.accessKeyId(), session.sessionToken(), Instant.now()))
            .isFalse();
      }
    }
  }

  @Test
  void isRestoredFromARestoredOne() throws IOException {
    try (Ship ship = Ship.launch(at("data"))) {
      ship.backup(at("vault"));
      ship.restore(at("vault"), at("one"));
    }
    try (OpenDirectory one = Ship.open(at("one"))) {
      new Backups(one).make(at("vault"), true, Ship.QUIET);
    }
    Ship.restore(at("vault"), at("two"), at("one").resolve("root.key"));
    try (OpenDirectory two = Ship.open(at("two"))) {
      assertThat(Epoch.of(two.foundation().state()).number()).isEqualTo(2);
      assertThat(damage(two)).isEmpty();
    }
  }

  @Test
  void cutsConsistentlyWhileManyWrite() throws Exception {
    int writers = 6;
    var acknowledged = new ConcurrentSkipListMap<String, Digest>();
    var turns = new Semaphore(0);
    var stop = new AtomicBoolean();
    try (Ship ship = Ship.launch(at("data"))) {
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int w = 0; w < writers; w++) {
          int writer = w;
          var _ =
              threads.submit(
                  () -> {
                    var random = new Random(writer);
                    for (int i = 0; turns.tryAcquire(1, TimeUnit.MINUTES) && !stop.get(); i++) {
                      byte[] layer = new byte[1 + random.nextInt(30_000)];
                      random.nextBytes(layer);
                      String tag = writer + "-" + i;
                      Digest blob = ship.push(tag, layer);
                      acknowledged.put(tag, blob);
                    }
                    return null;
                  });
        }
        for (int round = 0; round < 2; round++) {
          int least = acknowledged.size() + 20;
          turns.release(60); // 40 of them while the backup is made
          while (acknowledged.size() < least) {
            Thread.onSpinWait();
          }
          var before = new TreeMap<>(acknowledged);
          ship.backup(at("vault"));
          ship.restore(at("vault"), at("other" + round));
          try (OpenDirectory other = Ship.open(at("other" + round))) {
            assertThat(damage(other)).isEmpty();
            before.forEach((tag, blob) -> assertThere(other, ship, tag, blob));
          }
        }
        stop.set(true);
        turns.release(writers);
      }
    }
  }

  private static void assertThere(OpenDirectory other, Ship ship, String tag, Digest blob) {
    var digest = other.foundation().state().read(view -> Images.tagged(view, ship.repository, tag));
    assertThat(digest).as("the tag " + tag).isPresent();
    var image =
        other
            .foundation()
            .state()
            .read(view -> Images.find(view, ship.repository, digest.orElseThrow()));
    assertThat(image == null ? List.of() : image.blobs()).containsExactly(blob);
  }

  @Test
  void nothingIsCollectedWhileABackupCopies() throws IOException {
    try (Ship ship = Ship.launch(at("data"))) {
      Digest unused = Ship.publish(ship.directory.blobs(), new byte[] {9});
      var future = new Collector(ship.directory.foundation().state(), ship.directory.blobs());
      Instant later = Instant.now().plus(Duration.ofDays(2));
      try (Collector.Hold _ = future.hold()) {
        // another thread, as a chore is
        assertThat(elsewhere(() -> future.collect(later))).isZero();
        assertThat(ship.directory.blobs().verify(unused)).isEqualTo(BlobStore.Verdict.INTACT);
      }
      assertThat(elsewhere(() -> future.collect(later))).isOne();
    }
  }

  private interface Collecting {
    int run() throws IOException;
  }

  private static int elsewhere(Collecting collecting) throws IOException {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      return threads.submit(collecting::run).get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IOException(e);
    }
  }

  @Test
  void copiesOnlyWhatIsNew() throws IOException {
    try (Ship ship = Ship.launch(at("data"))) {
      byte[] big = new byte[2 << 20];
      new Random(1).nextBytes(big);
      ship.push("1", big);
      assertThat(ship.backup(at("vault")).copied()).isGreaterThan(2 << 20);
      ship.push("2", new byte[] {1});
      Backups.Made second = ship.backup(at("vault"));
      assertThat(second.copied()).as(second.cut().pieces().toString()).isLessThan(1 << 20);
      assertThat(Vault.open(at("vault")).cuts()).hasSize(2);
    }
  }

  @Test
  void bringsAgainWhatTheTargetLost() throws IOException {
    try (Ship ship = Ship.launch(at("data"))) {
      Digest blob = ship.push("1", new byte[] {1, 2, 3, 4});
      ship.backup(at("vault"));
      Path object = Vault.open(at("vault")).object(new Piece(blob.text(), 4, blob.hex()));
      Files.write(object, new byte[] {1, 2, 3, 5});
      ship.backup(at("vault"));
      ship.restore(at("vault"), at("other"));
    }
  }

  @Test
  void refusesADamagedSourceAndKeepsNothing() throws IOException {
    try (Ship ship = Ship.launch(at("data"))) {
      Digest blob = ship.push("1", new byte[] {1, 2, 3, 4});
      Files.write(
          at("data/blobs/sha256").resolve(blob.hex().substring(0, 2)).resolve(blob.hex()),
          new byte[] {1, 2, 3, 5});
      assertThatThrownBy(() -> ship.backup(at("vault"))).hasMessageContaining(blob.text());
      assertThat(Vault.open(at("vault")).cuts()).isEmpty();
    }
  }

  @Test
  void refusesEveryDamageAndNamesTheFile() throws IOException {
    try (Ship ship = Ship.launch(at("data"))) {
      ship.push("1", new byte[] {1, 2, 3, 4});
      ship.backup(at("vault"));
      List<Path> files;
      try (Stream<Path> all = Files.walk(at("vault"))) {
        files =
            all.filter(Files::isRegularFile)
                .filter(file -> !file.endsWith(Vault.MARKER))
                .sorted()
                .toList();
      }
      assertThat(files).hasSizeGreaterThan(6);
      var random = new Random(7);
      for (Path file : files) {
        byte[] whole = Files.readAllBytes(file);
        refused(ship, file, Arrays.copyOf(whole, whole.length + 1));
        refused(ship, file, null);
        for (int i = 0; i < 3 && whole.length > 0; i++) {
          byte[] flipped = whole.clone();
          flipped[random.nextInt(whole.length)] ^= (byte) (1 << random.nextInt(8));
          refused(ship, file, flipped);
        }
        if (whole.length > 0) {
          refused(ship, file, Arrays.copyOf(whole, random.nextInt(whole.length)));
          refused(ship, file, new byte[0]);
        }
        Files.write(file, whole);
      }
      ship.restore(at("vault"), at("other"));
    }
  }

  /** Puts other bytes in a file's place, or none, and tries. */
  private void refused(Ship ship, Path file, byte @Nullable [] bytes) throws IOException {
    Files.deleteIfExists(file);
    if (bytes != null) {
      Files.write(file, bytes, StandardOpenOption.CREATE);
    }
    assertThatThrownBy(() -> ship.restore(at("vault"), at("other")))
        .isInstanceOfAny(IOException.class, Refusal.class)
        .hasMessageContaining(
            bytes == null && file.toString().endsWith(".cut")
                ? "no backup"
                : file.getFileName().toString());
    assertThat(at("other")).doesNotExist();
    assertThat(at("other.restoring")).doesNotExist();
  }

  @Test
  void refusesAWrongRootKey() throws IOException {
    try (Ship ship = Ship.launch(at("data"))) {
      ship.backup(at("vault"));
      byte[] other = new byte[32];
      other[0] = 1;
      Path wrong = at("wrong.key");
      Files.createFile(
          wrong,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.write(wrong, other);
      assertThatThrownBy(() -> Ship.restore(at("vault"), at("other"), wrong))
          .isInstanceOf(Refusal.class)
          .hasMessageContaining("wrong.key does not open the backup");
      assertThat(at("other")).doesNotExist();
    }
  }

  @Test
  void refusesADirectoryWithAnythingInIt() throws IOException {
    try (Ship ship = Ship.launch(at("data"))) {
      ship.backup(at("vault"));
      Files.createDirectory(at("other"));
      Files.writeString(at("other/mine"), "mine");
      assertThatThrownBy(() -> ship.restore(at("vault"), at("other")))
          .isInstanceOf(Refusal.class)
          .hasMessageContaining("is not empty");
      Files.delete(at("other/mine"));
      ship.restore(at("vault"), at("other"));
    }
  }

  @Test
  void refusesABackupOfANewerFormat() throws IOException {
    try (Ship ship = Ship.launch(at("data"))) {
      ship.backup(at("vault"));
      String id = Vault.open(at("vault")).newest().orElseThrow();
      Path cut = at("vault/cuts").resolve(id + ".cut");
      Files.writeString(
          cut, Files.readString(cut).replaceFirst("holdfast backup 1 ", "holdfast backup 2 "));
      assertThatThrownBy(() -> ship.restore(at("vault"), at("other")))
          .hasMessageContaining("backup format 2")
          .hasMessageContaining("reads format 1");
    }
  }

  @Test
  void isReadableByItsOwnerAloneAndHoldsNoRootKey() throws IOException {
    try (Ship ship = Ship.launch(at("data"))) {
      ship.push("1", new byte[] {1});
      ship.backup(at("vault"));
      String key = HexFormat.of().formatHex(Files.readAllBytes(at("data/root.key")));
      try (Stream<Path> all = Files.walk(at("vault"))) {
        for (Path file : all.toList()) {
          String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
          assertThat(mode).as(file.toString()).endsWith("------");
          if (Files.isRegularFile(file)) {
            assertThat(HexFormat.of().formatHex(Files.readAllBytes(file))).doesNotContain(key);
          }
        }
      }
    }
  }

  @Test
  void asksForTheKeysExportOnce() throws IOException {
    try (Ship ship = Ship.launch(at("data"))) {
      var backups = new Backups(ship.directory);
      assertThatThrownBy(() -> backups.make(at("vault"), false, Ship.QUIET))
          .isInstanceOf(Refusal.class)
          .hasMessageContaining("./holdfast key export FILE");
      assertThatThrownBy(() -> new KeyExport(ship.directory).to(at("data/copy.key")))
          .hasMessageContaining("inside the data directory");
      assertThatThrownBy(() -> new KeyExport(ship.directory).to(Path.of("/dev/stdout")))
          .hasMessageContaining("never over one or to a terminal");
      new KeyExport(ship.directory).to(at("safe.key"));
      assertThat(Files.readAllBytes(at("safe.key")))
          .isEqualTo(Files.readAllBytes(at("data/root.key")));
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(at("safe.key"))))
          .isEqualTo("rw-------");
      backups.make(at("vault"), false, Ship.QUIET);
      assertThatThrownBy(() -> new KeyExport(ship.directory).to(at("vault/copy.key")))
          .hasMessageContaining("is a folder of backups");
    }
  }

  @Test
  void refusesATargetInsideTheDataOrFullOfOtherThings() throws IOException {
    try (Ship ship = Ship.launch(at("data"))) {
      assertThatThrownBy(() -> ship.backup(at("data/vault")))
          .hasMessageContaining("inside the data directory");
      Files.createDirectory(at("home"));
      Files.writeString(at("home/mine"), "mine");
      assertThatThrownBy(() -> ship.backup(at("home"))).hasMessageContaining("holds other things");
    }
  }

  @Test
  void anInterruptedRestoreIsNoDataDirectory() throws IOException {
    Files.createDirectory(at("half"));
    Files.writeString(at("half").resolve(Restore.UNFINISHED), "");
    assertThatThrownBy(() -> Installation.open(at("half"), null, null, new SecureRandom()))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("interrupted");
  }
}
