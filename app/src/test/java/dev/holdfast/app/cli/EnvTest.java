// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kit.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EnvTest {
  private static final String CREDENTIALS =
      """
      {"AccessKeyId":"ASIA1","SecretAccessKey":"a'b","SessionToken":"t+/=","Region":"us-east-1",\
      "EndpointUrl":"http://127.0.0.1:4566"}""";

  @TempDir Path dir;

  @Test
  void exportsWhatClientsRead() {
    assertThat(Env.exports(Json.parseObject(CREDENTIALS), Map.of()))
        .containsExactly(
            "export AWS_ENDPOINT_URL=http://127.0.0.1:4566",
            "export AWS_REGION=us-east-1",
            "export AWS_DEFAULT_REGION=us-east-1",
            "export AWS_ACCESS_KEY_ID=ASIA1",
            "export AWS_SECRET_ACCESS_KEY='a'\\''b'",
            "export AWS_SESSION_TOKEN=t+/=");
  }

  @Test
  void keepsTheRegionThatTheUserNamed() {
    assertThat(Env.exports(Json.parseObject(CREDENTIALS), Map.of("AWS_REGION", "eu-west-1")))
        .contains("export AWS_DEFAULT_REGION=eu-west-1");
  }

  @ParameterizedTest
  @CsvSource({
    "aws-cli/1.45.11 Python/3.11.7 Linux/6 botocore/1.43.11, true",
    "aws-cli/1.29.0 Python/3.8, true",
    "aws-cli/1.28.9 Python/3.8, false",
    "aws-cli/2.9.19 Python/3.11.2 Linux/6 source/x86_64.debian.12 prompt/off, false",
    "aws-cli/2.12.7 Python/3.11, false",
    "aws-cli/2.13.0 Python/3.11, true",
    "aws-cli/3.0.0 Python/3.14, true"
  })
  void knowsWhichCliReadsTheEndpoint(String text, boolean reads) {
    String version = AwsCli.versionIn(text).orElseThrow();

    assertThat(new AwsCli(Path.of("/usr/bin/aws"), version).knowsEndpointUrl()).isEqualTo(reads);
  }

  @Test
  void findsTheUsersOwnCliPastOurs() throws IOException {
    Path ours = cli(dir.resolve("bin"), "9.9.9");
    Path theirs = cli(dir.resolve("usr"), "2.9.19");

    var found = AwsCli.find(ours + ":" + theirs, ours);

    assertThat(found).contains(new AwsCli(theirs.resolve("aws"), "2.9.19"));
  }

  @Test
  void handsTheEndpointToAnOldCli() throws Exception {
    Path ours = dir.resolve("own bin");
    Path theirs = dir.resolve("usr");
    script(theirs, "echo \"$@\"");
    AwsCli.writeWrapper(ours);
    var builder = new ProcessBuilder(ours.resolve("aws").toString(), "sts", "a b");
    builder.environment().put("PATH", ours + ":" + theirs + ":/usr/bin:/bin");
    builder.environment().put("AWS_ENDPOINT_URL", "http://here");

    Process aws = builder.start();

    assertThat(
            new String(
                aws.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
        .isEqualTo("--endpoint-url http://here sts a b\n");
  }

  @Test
  void namesTheFolderOnce() {
    assertThat(Env.pathLine(Path.of("/d/bin"), "/usr/bin"))
        .isEqualTo(List.of("export PATH=/d/bin:\"$PATH\""));
    assertThat(Env.pathLine(Path.of("/d/bin"), "/d/bin:/usr/bin")).isEmpty();
  }

  private static Path cli(Path folder, String version) throws IOException {
    return script(folder, "echo aws-cli/" + version);
  }

  private static Path script(Path folder, String line) throws IOException {
    Files.createDirectories(folder);
    Path file = folder.resolve("aws");
    Files.writeString(file, "#!/bin/sh\n" + line + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    return folder;
  }
}
