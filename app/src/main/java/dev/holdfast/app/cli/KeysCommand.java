// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli;

import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.Printable;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code keys list} and {@code keys confirm}: the access keys that a restore left waiting. */
@Command(
    name = "keys",
    description = "The access keys that wait since a backup was restored.",
    subcommands = {KeysCommand.Waiting.class, KeysCommand.Confirm.class})
final class KeysCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return 2;
  }

  /** One line a key: id, account, user, when it was made. */
  @Command(name = "list", description = "List the access keys that wait to be confirmed.")
  static final class Waiting implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private Target target = new Target();

    @Override
    public Integer call() {
      var out = spec.commandLine().getOut();
      if (target.get("/keys").get("waiting") instanceof JsonArray waiting) {
        for (var item : waiting.items()) {
          if (item instanceof JsonObject key) {
            out.println(
                String.join(
                    "  ",
                    String.valueOf(key.string("id")),
                    String.valueOf(key.string("account")),
                    String.valueOf(key.string("created")),
                    Printable.line(String.valueOf(key.string("user")))));
          }
        }
      }
      out.flush();
      return 0;
    }
  }

  /** Confirms that a key was not revoked since the backup. */
  @Command(
      name = "confirm",
      description = {
        "Let an access key sign again.",
        "Nothing can know which keys were revoked after the backup was made: confirm those alone",
        "that you know to be good, and delete the others (aws iam delete-access-key)."
      })
  static final class Confirm implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private Target target = new Target();

    @Parameters(paramLabel = "KEY", arity = "0..1", description = "An access key id.")
    private @Nullable String id;

    @Option(names = "--all", description = "All that wait.")
    private boolean all;

    @Override
    public Integer call() {
      if ((id == null) != all) {
        throw new ParameterException(spec.commandLine(), "name one access key, or say --all");
      }
      JsonObject body =
          id == null ? JsonObject.EMPTY.with("all", true) : JsonObject.EMPTY.with("id", id);
      if (target.post("/keys/confirm", body).get("confirmed") instanceof JsonArray confirmed) {
        spec.commandLine().getOut().println(confirmed.items().size() + " access keys confirmed");
      }
      return 0;
    }
  }
}
