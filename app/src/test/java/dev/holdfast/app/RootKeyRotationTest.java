// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.app.cli.CheckOptions;
import dev.holdfast.service.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The root key rotates beside whatever goes on, and what each of the two keys then opens. */
final class RootKeyRotationTest {
  @TempDir private Path temp = Path.of("");

  private Path at(String name) {
    return temp.resolve(name);
  }

  private static List<String> found(Path directory) throws IOException {
    return DirectoryCheck.run(
            new CheckOptions(directory, null, CheckOptions.Mode.LOOK),
            new SecureRandom(),
            InstantSource.system())
        .findings()
        .stream()
        .map(Finding::text)
        .filter(text -> !text.contains("the audit trail has")) // which it always tells
        .toList();
  }

  @Test
  void theNewKeyOpensEverythingAndTheOldOneNothing() throws IOException {
    byte[] old;
    try (Ship ship = Ship.launch(at("data"))) {
      ship.backup(at("before"));
      old = Files.readAllBytes(at("data").resolve("root.key"));
      ship.push("1", new byte[] {1});
      assertThat(new RootKeyRotation(ship.directory).run(false)).contains("data key 2");
      ship.push("2", new byte[] {2}); // it goes on
    }
    Path key = at("data").resolve("root.key");
    assertThat(Files.readAllBytes(key)).hasSize(32).isNotEqualTo(old);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
        .isEqualTo("rw-------");
    assertThat(found(at("data"))).isEmpty();
    try (OpenDirectory again = Ship.open(at("data"))) {
      assertThat(again.trail().verify().ok()).isTrue();
      assertThat(again.foundation().keyring().version()).isEqualTo(2);
    }
    Path kept = RootKeyRotation.previous(key);
    assertThat(kept).hasBinaryContent(old);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kept)))
        .isEqualTo("rw-------");
    Ship.restore(at("before"), at("other"), kept); // the old key opens the backups of before
    byte[] fresh = Files.readAllBytes(key);
    Files.write(key, old);
    assertThatThrownBy(() -> Ship.open(at("data")))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("does not open under the root key");
    Files.write(key, fresh);
    Ship.open(at("data")).close();
  }

  @Test
  void destroysNoKey() throws IOException {
    try (Ship ship = Ship.launch(at("data"))) {
      Path key = at("data").resolve("root.key");
      byte[] first = Files.readAllBytes(key);
      var rotation = new RootKeyRotation(ship.directory);
      rotation.run(false);
      byte[] second = Files.readAllBytes(key);
      assertThatThrownBy(() -> rotation.run(false))
          .isInstanceOf(Refusal.class)
          .hasMessageContaining("root.key.previous is of an earlier rotation");
      assertThat(key).hasBinaryContent(second);
      assertThat(RootKeyRotation.previous(key)).hasBinaryContent(first);
      Files.move(RootKeyRotation.previous(key), at("first.key"));
      rotation.run(false);
      assertThat(RootKeyRotation.previous(key)).hasBinaryContent(second);
    }
  }

  @Test
  void leavesTheNewKeyOfAnInterruptedOneAlone() throws IOException {
    Path key = at("data").resolve("root.key");
    Path next = RootKeyRotation.next(key);
    try (Ship ship = Ship.launch(at("data"))) {
      byte[] old = Files.readAllBytes(key);
      var rotation = new RootKeyRotation(ship.directory);
      rotation.run(false);
      // As an attempt leaves it whose last step failed: the only copy of what the keyring is under.
      Files.move(key, next);
      Files.write(key, old);
      Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
      byte[] only = Files.readAllBytes(next);
      assertThatThrownBy(() -> rotation.run(false))
          .isInstanceOf(Refusal.class)
          .hasMessageContainingAll("root.key.next", "interrupted", "stop and start");
      assertThat(next).hasBinaryContent(only);
    }
    try (Ship again = Ship.again(at("data"))) {
      Files.delete(RootKeyRotation.previous(key));
      assertThat(new RootKeyRotation(again.directory).run(false)).contains("data key 3");
    }
  }

  @Test
  void aBackupThenNeedsTheNewKeyKept() throws IOException {
    try (Ship ship = Ship.launch(at("data"))) {
      new KeyExport(ship.directory).to(at("first.key"));
      var backups = new Backups(ship.directory);
      backups.make(at("vault"), false, Ship.QUIET);
      new RootKeyRotation(ship.directory).run(false);
      assertThatThrownBy(() -> backups.make(at("vault"), false, Ship.QUIET))
          .isInstanceOf(Refusal.class)
          .hasMessageContaining("key export");
      new KeyExport(ship.directory).to(at("second.key"));
      backups.make(at("vault"), false, Ship.QUIET);
    }
    Ship.restore(at("vault"), at("other"), at("second.key"));
    assertThatThrownBy(() -> Ship.restore(at("vault"), at("third"), at("first.key")))
        .isInstanceOf(Refusal.class);
  }

  @Test
  void sessionsEndOnlyWhereThatIsAskedFor() throws IOException {
    for (boolean end : new boolean[] {false, true}) {
      Path data = at("data-" + end);
      String id;
      String token;
      try (Ship ship = Ship.launch(data)) {
        var session = ship.directory.iam().accounts().operator(ship.home()).credentials();
        id = session.accessKeyId();
        token = session.sessionToken();
        new RootKeyRotation(ship.directory).run(end);
      }
      try (OpenDirectory again = Ship.open(data)) {
        var authenticator = again.iam().authenticator();
        assertThat(authenticator.principalOf(id, token, Instant.now()).isPresent()).isEqualTo(!end);
        var fresh = again.iam().accounts().operator(again.installation().account()).credentials();
        assertThat(
                authenticator
                    .principalOf(fresh.accessKeyId(), fresh.sessionToken(), Instant.now())
                    .isPresent())
            .isTrue();
      }
    }
  }

  @Test
  void anInterruptedRotationIsNamedByFsckAndEndedByTheNextStart() throws IOException {
    Ship.launch(at("data")).close();
    Path key = at("data").resolve("root.key");
    byte[] old = Files.readAllBytes(key);
    // As a crash after the second step leaves it: the keyring is under the new key already.
    try (OpenDirectory open = Ship.open(at("data"))) {
      new RootKeyRotation(open).run(false);
    }
    Files.move(key, RootKeyRotation.next(key));
    Files.write(key, old);
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    assertThat(found(at("data")))
        .singleElement()
        .asString()
        .contains("root.key.next", "next start");
    assertThat(Files.readAllBytes(key)).as("looking changes nothing").isEqualTo(old);
    Ship.open(at("data")).close();
    assertThat(RootKeyRotation.next(key)).doesNotExist();
    assertThat(found(at("data"))).isEmpty();
    // As a crash after the first leaves it: nothing is under the key beside it.
    Files.write(RootKeyRotation.next(key), new byte[32]);
    Ship.open(at("data")).close();
    assertThat(RootKeyRotation.next(key)).doesNotExist();
  }

  @Test
  void noBackupIsMadeMeanwhile() throws IOException {
    try (Ship ship = Ship.launch(at("data"))) {
      var backups = new Backups(ship.directory);
      backups.without(
          () -> {
            assertThatThrownBy(
                    () -> {
                      try (var threads =
                          java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor()) {
                        threads.submit(() -> backups.make(at("vault"), true, Ship.QUIET)).get();
                      }
                    })
                .hasRootCauseInstanceOf(Refusal.class);
            return "";
          });
      backups.make(at("vault"), true, Ship.QUIET);
    }
  }

  @Test
  void exportsNoKeyThatIsNotInUse() throws IOException {
    try (Ship ship = Ship.launch(at("data"))) {
      Path key = at("data").resolve("root.key");
      byte[] right = Files.readAllBytes(key);
      Files.write(key, new byte[32]);
      assertThatThrownBy(() -> new KeyExport(ship.directory).to(at("copy.key")))
          .isInstanceOf(Refusal.class)
          .hasMessageContaining("in use");
      assertThat(at("copy.key")).doesNotExist();
      Files.write(key, right);
      new KeyExport(ship.directory).to(at("copy.key"));
      assertThat(at("copy.key")).hasBinaryContent(right);
    }
  }
}
