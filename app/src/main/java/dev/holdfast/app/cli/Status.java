// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli;

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
      "Show what runs and what is enforced.",
      "Lists the operations that were asked for and are not served yet; exit code 1 where no",
      "platform answers."
    })
final class Status implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private Target target = new Target();

  @Option(names = "--json", description = "Print the document that the platform answers.")
  private boolean json;

  @Override
  public Integer call() {
    JsonObject status = target.get("/status");
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Printable.json(Json.text(status)));
    } else {
      out.print(text(status));
    }
    out.flush();
    return 0;
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
    for (JsonValue note : status.object("services").array("notes")) {
      line(text, "service", note instanceof JsonString(var words) ? words : "?");
    }
    line(text, "data", Banner.field(status, "dataDir"));
    Long waiting = status.integer("accessKeysWaiting");
    if (waiting != null && waiting > 0) {
      line(text, "keys", waiting + " wait since a restore: ./holdfast keys list");
    }
    line(text, "root key", Banner.field(status, "rootKey"));
    for (JsonValue warning : status.array("warnings")) {
      line(text, "warning", warning instanceof JsonString(var words) ? words : "?");
    }
    for (JsonValue alarm : status.array("alarms")) {
      line(text, "alarm", alarm instanceof JsonString(var words) ? words : "?");
    }
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

  private static void line(StringBuilder text, String name, String value) {
    text.append(name)
        .repeat(' ', Math.max(1, 12 - name.length()))
        .append(Printable.line(value))
        .append('\n');
  }
}
