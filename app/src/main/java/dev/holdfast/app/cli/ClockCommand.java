// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli;

import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code clock}: the operator's word on a clock that leapt. */
@Command(
    name = "clock",
    description = {
      "Say that this machine's clock is right after it leapt.",
      "Until then nothing is deleted by the new time: no key, no audit event, no image."
    })
final class ClockCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private Target target = new Target();

  @Option(
      names = "--confirm",
      description = "The clock (date) is right: delete what is over by it.")
  private boolean confirm;

  @Override
  public Integer call() {
    if (!confirm) {
      throw new ParameterException(
          spec.commandLine(), "say --confirm once you have seen that the clock is right (date)");
    }
    JsonObject answer = target.post("/clock", JsonObject.EMPTY);
    PrintWriter out = spec.commandLine().getOut();
    out.println("Taken as right: " + answer.string("time"));
    out.flush();
    return 0;
  }
}
