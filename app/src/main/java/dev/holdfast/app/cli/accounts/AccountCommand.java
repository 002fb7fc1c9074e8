// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli.accounts;

import dev.holdfast.app.cli.Target;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.Printable;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code account create} and {@code account list}: accounts that share nothing. */
@Command(
    name = "account",
    description = "Accounts: make one, list them.",
    subcommands = {AccountCommand.Create.class, AccountCommand.All.class})
public final class AccountCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return 2;
  }

  private static String text(JsonObject json, String name) {
    return Printable.line(Objects.requireNonNullElse(json.string(name), ""));
  }

  /** Makes an account, and shows its administrator's key once. */
  @Command(
      name = "create",
      description = {
        "Make an account of its own, with an administrator.",
        "Prints its id and the administrator's access key as lines for a shell. The secret is shown",
        "this once: it is nowhere to be read again."
      })
  static final class Create implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private Target target = new Target();

    @Parameters(
        paramLabel = "ALIAS",
        arity = "0..1",
        description = "A name that no other account has (default: none).")
    private @Nullable String alias;

    @Option(names = "--json", description = "Print the document that the platform answers.")
    private boolean json;

    @Override
    public Integer call() {
      JsonObject body = alias == null ? JsonObject.EMPTY : JsonObject.EMPTY.with("alias", alias);
      JsonObject made = target.post("/accounts", body);
      var out = spec.commandLine().getOut();
      if (json) {
        out.println(Printable.json(Json.text(made)));
      } else {
        out.println("# account " + text(made, "AccountId") + ", user administrator");
        out.println("export AWS_ACCESS_KEY_ID=" + text(made, "AccessKeyId"));
        out.println("export AWS_SECRET_ACCESS_KEY=" + text(made, "SecretAccessKey"));
        out.println("unset AWS_SESSION_TOKEN");
      }
      out.flush();
      return 0;
    }
  }

  /** One line an account. */
  @Command(name = "list", description = "List the accounts of this installation.")
  static final class All implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private Target target = new Target();

    @Option(names = "--json", description = "Print the document that the platform answers.")
    private boolean json;

    @Override
    public Integer call() {
      JsonObject answer = target.get("/accounts");
      var out = spec.commandLine().getOut();
      if (json) {
        out.println(Printable.json(Json.text(answer)));
      } else {
        answer.array("accounts").forEach(item -> out.println(line(item)));
      }
      out.flush();
      return 0;
    }

    private static String line(JsonValue item) {
      if (!(item instanceof JsonObject account)) {
        return "?";
      }
      return String.join(
              "  ",
              text(account, "AccountId"),
              text(account, "created"),
              text(account, "alias"),
              account.isTrue("own") ? "(the installation's own)" : "")
          .stripTrailing();
    }
  }
}
