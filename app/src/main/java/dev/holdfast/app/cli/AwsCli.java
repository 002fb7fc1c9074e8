// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The {@code aws} command that a user would run. Version 1 before 1.29 and version 2 before 2.13
 * ignore {@code AWS_ENDPOINT_URL} (AWS SDKs and Tools Reference Guide, service-specific endpoints).
 *
 * @param file the program
 * @param version what it says of itself, {@code 1.45.11}
 */
record AwsCli(Path file, String version) {
  private static final Pattern VERSION = Pattern.compile("aws-cli/((\\d+)\\.(\\d+)[.0-9]*)");
  private static final int LIMIT_SECONDS = 30;

  /** The first {@code aws} on a search path, folders of ours left out; empty where none answers. */
  static Optional<AwsCli> find(String searchPath, Path ours) throws IOException {
    for (String folder : searchPath.split(File.pathSeparator, -1)) {
      Path file = Path.of(folder.isEmpty() ? "." : folder, "aws").toAbsolutePath().normalize();
      if (!file.startsWith(ours) && Files.isRegularFile(file) && Files.isExecutable(file)) {
        return version(file).map(version -> new AwsCli(file, version));
      }
    }
    return Optional.empty();
  }

  private static Optional<String> version(Path file) throws IOException {
    Process aws =
        new ProcessBuilder(file.toString(), "--version")
            .redirectInput(new File("/dev/null"))
            .redirectErrorStream(true)
            .start();
    try {
      if (!aws.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        aws.destroyForcibly();
        return Optional.empty();
      }
      return versionIn(new String(aws.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /** The version in the text of {@code aws --version}. */
  static Optional<String> versionIn(String text) {
    Matcher matcher = VERSION.matcher(text);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  /** Whether this version finds the platform by {@code AWS_ENDPOINT_URL}. */
  boolean knowsEndpointUrl() {
    Matcher matcher = VERSION.matcher("aws-cli/" + version);
    if (!matcher.find()) {
      return false;
    }
    int major = Integer.parseInt(matcher.group(2));
    int minor = Integer.parseInt(matcher.group(3));
    return major > 2 || (major == 2 && minor >= 13) || (major == 1 && minor >= 29);
  }

  /**
   * Writes the {@code aws} that hands the endpoint to the real one, which it looks up each time.
   */
  static void writeWrapper(Path folder) throws IOException {
    Files.createDirectories(folder);
    Path fresh = Files.createTempFile(folder, "aws", ".new");
    Files.writeString(
        fresh,
        """
        #!/bin/sh
        # Passes the endpoint to AWS CLIs that do not read AWS_ENDPOINT_URL.
        own=%s
        rest=
        IFS=:
        for folder in $PATH; do
          [ "$folder" = "$own" ] || rest="${rest:+$rest:}$folder"
        done
        unset IFS
        PATH=$rest
        export PATH
        exec aws ${AWS_ENDPOINT_URL:+--endpoint-url "$AWS_ENDPOINT_URL"} "$@"
        """
            .formatted(Shell.quote(folder.toString())));
    Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.move(
        fresh,
        folder.resolve("aws"),
        java.nio.file.StandardCopyOption.ATOMIC_MOVE,
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
  }
}
