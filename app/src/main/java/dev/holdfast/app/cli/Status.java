// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli;

import dev.holdfast.app.cli.daily.Screen;
import dev.holdfast.app.cli.daily.StandingText;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonNumber;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.JsonValue.JsonString;
import dev.holdfast.kit.Printable;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code status}: what runs, what is enforced, and what clients asked for in vain. */
@Command(
    name = "status",
    description = {
      "Show what runs, what is enforced, what is wrong, and what to type next.",
      "With --watch it is shown anew every two seconds, with the progress of deployments."
    },
    footer = {
      "Exit codes: 0 the platform answers, 1 it does not, 2 wrong usage,",
      "3 with --check, where something is wrong."
    })
final class Status implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private Target target = new Target();

  @Option(names = "--json", description = "Print the document that the platform answers.")
  private boolean json;

  @Option(
      names = {"-w", "--watch"},
      description = "Show it anew until Ctrl-C; where there is no terminal, once.")
  private boolean watch;

  @Option(names = "--check", description = "End with exit code 3 where something is wrong.")
  private boolean check;

  private static final int WRONG = 3;

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    if (watch && !json) {
      Screen.show(width -> live(target.get("/status"), width), out, false);
      return 0;
    }
    JsonObject status = target.get("/status");
    if (json) {
      out.println(Printable.json(Json.text(status)));
    } else {
      int width = Terminal.present() ? Terminal.size().columns() : 0;
      out.print(text(status) + StandingText.of(status.object("standing"), target.option(), width));
    }
    out.flush();
    return check && wrong(status) ? WRONG : 0;
  }

  /** What changes, without what does not. */
  private String live(JsonObject status, int width) {
    var text = new StringBuilder();
    line(text, "tasks", Banner.tasks(status));
    troubles(text, status);
    return text + StandingText.of(status.object("standing"), target.option(), width);
  }

  private static boolean wrong(JsonObject status) {
    return !status.object("agent").isTrue("connected")
        || !status.array("warnings").isEmpty()
        || !status.array("alarms").isEmpty()
        || !status.object("standing").array("findings").isEmpty();
  }

  static String text(JsonObject status) {
    var text = new StringBuilder();
    line(text, "holdfast", Banner.field(status, "version") + ", process " + status.integer("pid"));
    line(text, "since", Banner.field(status, "startedAt"));
    line(text, "url", Banner.field(status, "url"));
    if (!status.array("tls").isEmpty()) {
      line(text, "tls", Banner.list(status, "tls"));
      line(text, "authority", "SHA-256 " + Banner.field(status, "caFingerprint"));
    }
    line(text, "profile", Banner.field(status, "profile"));
    line(
        text,
        "account",
        Banner.field(status, "account") + ", region " + Banner.field(status, "region"));
    line(text, "enforced", Banner.list(status, "enforced"));
    line(text, "only taught", Banner.list(status, "taught"));
    line(text, "tasks", Banner.tasks(status));
    if (!status.array("hosts").isEmpty()) {
      line(text, "hosts", "this machine and " + status.array("hosts").size() + " that joined");
    }
    for (JsonValue note : status.array("hostNotes")) {
      line(text, "host", note instanceof JsonString(var words) ? words : "?");
    }
    Long services = status.object("services").integer("active");
    if (services != null && services > 0) {
      line(text, "services", services + " active");
    }
    String tidied = status.object("agent").string("tidied");
    if (tidied != null && !tidied.isEmpty()) {
      line(text, "tidied", tidied);
    }
    String limits = status.object("agent").string("limits");
    if (limits != null && !limits.isEmpty()) {
      line(text, "limits", "tasks are not held to cpu and memory of their own here: " + limits);
    }
    line(text, "data", Banner.field(status, "dataDir"));
    Long waiting = status.integer("accessKeysWaiting");
    if (waiting != null && waiting > 0) {
      line(text, "keys", waiting + " wait since a restore: ./holdfast keys list");
    }
    line(text, "root key", Banner.field(status, "rootKey"));
    troubles(text, status);
    var unknown = status.object("unknownOperations").members();
    if (!unknown.isEmpty()) {
      text.append("asked for, not served yet:\n");
      unknown.forEach(
          (operation, count) ->
              text.append("  ")
                  .append(Printable.line(operation))
                  .append(" ")
                  .append(count instanceof JsonNumber(var times) ? times : "?")
                  .append(" times\n"));
    }
    return text.toString();
  }

  private static void troubles(StringBuilder text, JsonObject status) {
    for (JsonValue warning : status.array("warnings")) {
      line(text, "warning", warning instanceof JsonString(var words) ? words : "?");
    }
    for (JsonValue alarm : status.array("alarms")) {
      line(text, "alarm", alarm instanceof JsonString(var words) ? words : "?");
    }
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append(name)
        .repeat(' ', Math.max(1, 12 - name.length()))
        .append(Printable.line(value))
        .append('\n');
  }
}
