// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.app.cli.CheckOptions;
import dev.holdfast.aws.client.AwsClient;
import dev.holdfast.aws.ssm.GetParameterRequest;
import dev.holdfast.aws.ssm.SsmModel;
import dev.holdfast.iam.control.RestoredKeys;
import dev.holdfast.registry.blob.BlobStore;
import dev.holdfast.registry.model.Digest;
import dev.holdfast.service.Finding;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backup that an earlier version made comes back; {@code test/sample-backup.sh} made it. */
final class SampleBackupTest {
  private static final String LAYER = "a layer of the sample\n";

  @TempDir private Path temp = Path.of("");

  @Test
  void theBackupOfEachFormatComesBack() throws Exception {
    Path vault = temp.resolve("vault");
    Samples.unpack("backup-1.zip", vault);
    Path key = temp.resolve("safe.key");
    Samples.key("backup-1.key", key);
    Path dir = temp.resolve("data");

    Ship.restore(vault, dir, key);

    assertThat(
            DirectoryCheck.run(
                    new CheckOptions(dir, null, CheckOptions.Mode.LOOK),
                    new SecureRandom(),
                    InstantSource.system())
                .findings())
        .noneMatch(Finding::isDamage);
    try (OpenDirectory open = Ship.open(dir)) {
      assertThat(new RestoredKeys(open.foundation().state()).waiting())
          .extracting(waiting -> waiting.userName())
          .containsExactly("ann");
      assertThat(open.blobs().verify(Digest.of(LAYER.getBytes(StandardCharsets.UTF_8))))
          .isEqualTo(BlobStore.Verdict.INTACT);
    }
    var random = new SecureRandom();
    Installation installation = Installation.open(dir, null, null, random);
    try (Foundation foundation =
        Foundation.open(dir, installation, random, InstantSource.system(), _ -> {})) {
      var settings = new Platform.Settings(dir, InetAddress.getLoopbackAddress(), 0);
      try (Platform platform = Platform.start(foundation, installation, settings);
          HttpClient http = HttpClient.newHttpClient()) {
        var session = platform.iam().accounts().operator(installation.account());
        var aws =
            new AwsClient(
                http,
                URI.create(platform.endpoint().url()),
                "us-east-1",
                session::credentials,
                InstantSource.system());
        var parameter =
            aws.call(
                    SsmModel.GET_PARAMETER,
                    GetParameterRequest.builder()
                        .name("/shop/password")
                        .withDecryption(true)
                        .build())
                .parameter();
        assertThat(Objects.requireNonNull(parameter).value()).isEqualTo("sample-password");
        assertThat(platform.trail().verify().ok()).isTrue();
      }
    }
  }
}
