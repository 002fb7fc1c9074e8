// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli;

import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code version}: the program's version and the Java build that runs it. */
@Command(name = "version", description = "Show the version of Holdfast and of Java.")
final class Version implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--help", usageHelp = true, description = "Show this text.")
  boolean help;

  /** The version of the jar that holds this class; {@code unpackaged} where there is none. */
  static String text() {
    return Objects.requireNonNullElse(
        Version.class.getPackage().getImplementationVersion(), "unpackaged");
  }

  @Override
  public Integer call() {
    var out = spec.commandLine().getOut();
    out.println("holdfast " + text());
    out.println("java " + Runtime.version());
    return 0;
  }
}
