// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code version}: the program's version, the Java build that runs it, and on demand the bill of
 * materials that the build left in the jar.
 */
@Command(
    name = "version",
    description = "Show the version of Holdfast and of Java, or what Holdfast is made of.")
final class Version implements Callable<Integer> {
  private static final String SBOM = "/META-INF/sbom/holdfast.cdx.json";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--help", usageHelp = true, description = "Show this text.")
  boolean help;

  @Option(
      names = "--sbom",
      description = "Print the bill of materials instead: every library, as CycloneDX JSON.")
  boolean sbom;

  /** The version of the jar that holds this class; {@code unpackaged} where there is none. */
  static String text() {
    return Objects.requireNonNullElse(
        Version.class.getPackage().getImplementationVersion(), "unpackaged");
  }

  @Override
  public Integer call() throws IOException {
    var out = spec.commandLine().getOut();
    if (sbom) {
      try (InputStream bill = Version.class.getResourceAsStream(SBOM)) {
        if (bill == null) {
          throw new CliFailure(
              "this build holds no bill of materials: Maven makes it while packaging, and not"
                  + " with --offline");
        }
        out.println(new String(bill.readAllBytes(), StandardCharsets.UTF_8).strip());
        return 0;
      }
    }
    out.println("holdfast " + text());
    out.println("java " + Runtime.version());
    return 0;
  }
}
