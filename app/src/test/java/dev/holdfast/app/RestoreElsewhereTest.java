// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.app.backup.Vault;
import dev.holdfast.app.cli.CheckOptions;
import dev.holdfast.kit.Hashes;
import dev.holdfast.registry.blob.BlobStore;
import dev.holdfast.registry.model.Digest;
import dev.holdfast.service.Finding;
import dev.holdfast.service.Profile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An installation of the profile {@code standard} comes back where nothing of the old one is. */
final class RestoreElsewhereTest {
  @TempDir private Path temp = Path.of("");

  private Path at(String name) {
    return temp.resolve(name);
  }

  @Test
  void comesBackWithItsKeyInAnotherPlaceAndNothingOfTheOldOne() throws IOException {
    Digest blob;
    String account;
    try (Ship ship =
        Ship.launch(at("here/data"), Profile.STANDARD, at("here/config/holdfast/root.key"))) {
      blob = ship.push("1", new byte[] {1, 2, 3});
      account = ship.home().digits();
      ship.backup(at("vault"));
      new KeyExport(ship.directory).to(at("safe.key"));
    }
    Vault.removeTree(at("here"));
    Files.createDirectories(at("there/config"));
    Path key = at("there/config/root.key");
    Files.move(at("safe.key"), key);

    Ship.restore(at("vault"), at("there/data"), key);

    String secret = Hashes.sha256Hex(Files.readAllBytes(key));
    assertThat(Samples.everything(at("there/data")))
        .as("the root key stays outside")
        .doesNotContainKey("root.key")
        .allSatisfy((_, facts) -> assertThat(facts).doesNotContain(secret));
    try (OpenDirectory there = Ship.open(at("there/data"))) {
      assertThat(there.installation().profile()).isEqualTo(Profile.STANDARD);
      assertThat(there.installation().rootKey()).isEqualTo(key.toString());
      assertThat(there.installation().account().digits()).isEqualTo(account);
      assertThat(there.blobs().verify(blob)).isEqualTo(BlobStore.Verdict.INTACT);
      assertThat(there.iam().guardrails().profile()).isEqualTo(Profile.STANDARD);
    }
    assertThat(
            DirectoryCheck.run(
                    new CheckOptions(at("there/data"), null, CheckOptions.Mode.LOOK),
                    new SecureRandom(),
                    InstantSource.system())
                .findings())
        .noneMatch(Finding::isDamage);

    Files.move(key, at("there/moved.key"));
    assertThatThrownBy(() -> Ship.open(at("there/data")))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining(key.toString())
        .hasMessageContaining("--root-key FILE");
  }
}
