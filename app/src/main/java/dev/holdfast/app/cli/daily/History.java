// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli.daily;

import static dev.holdfast.app.cli.daily.Words.text;

import dev.holdfast.app.cli.Logs;
import dev.holdfast.app.cli.Target;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.Printable;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code history}: tasks and deployments that are over, longer than the API's hour. */
@Command(
    name = "history",
    description = {
      "List tasks that stopped and deployments that ended, the newest first.",
      "They are remembered for 30 days, the newest 10,000 of each account."
    },
    footer = "Exit codes: 0 done (also where nothing ended), 1 failed, 2 wrong usage.")
public final class History implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private Target target = new Target();

  @Option(names = "--cluster", paramLabel = "NAME", description = "Of this cluster alone.")
  private String cluster = "";

  @Option(names = "--service", paramLabel = "NAME", description = "Of this service alone.")
  private String service = "";

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "What ended since then: 90s, 10m, 1h, 2d ago.")
  private String since = "";

  @Option(
      names = {"-n", "--limit"},
      paramLabel = "COUNT",
      description = "At most so many (default: ${DEFAULT-VALUE}).")
  private int limit = 100;

  @Option(names = "--json", description = "Print the documents.")
  private boolean json;

  @Override
  public Integer call() {
    JsonObject document =
        Pages.all(
            target,
            "/history",
            Map.of("cluster", cluster, "service", service, "since", Logs.seconds(since)),
            "entries",
            Math.max(1, limit));
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Printable.json(Json.text(document)));
    } else {
      out.print(table(document).text(Ps.width()));
      Ps.hint(document, spec.commandLine().getErr());
    }
    out.flush();
    return 0;
  }

  static Columns table(JsonObject document) {
    var columns =
        new Columns(
            "ENDED",
            "WHAT",
            "ID",
            "NAME",
            "CLUSTER",
            "DEFINITION",
            "HOST",
            "RESULT",
            "IMAGE",
            "REASON");
    for (JsonObject entry : Words.objects(document, "entries")) {
      boolean task = text(entry, "kind").equals("task");
      columns.add(
          List.of(
              seconds(text(entry, "at")),
              text(entry, "kind"),
              text(entry, "id"),
              text(entry, "name"),
              text(entry, "cluster"),
              text(entry, "definition"),
              text(entry, "host"),
              task ? result(entry) : text(entry, "status"),
              task ? image(entry) : "",
              text(entry, "reason")));
    }
    return columns;
  }

  /** Without its fraction: {@code 2026-11-26T03:00:00Z}. */
  private static String seconds(String time) {
    int dot = time.indexOf('.');
    return dot < 0 ? time : time.substring(0, dot) + "Z";
  }

  private static String result(JsonObject entry) {
    var codes = new ArrayList<String>();
    for (JsonObject container : Words.objects(entry, "containers")) {
      Long code = container.integer("exitCode");
      if (code != null) {
        codes.add(text(container, "name") + "=" + code);
      }
    }
    return codes.isEmpty() ? text(entry, "stopCode") : String.join(",", codes);
  }

  private static String image(JsonObject entry) {
    var images = new ArrayList<String>();
    for (JsonObject container : Words.objects(entry, "containers")) {
      String digest = text(container, "digest");
      String end = digest.length() > 19 ? "@" + digest.substring(7, 19) : "";
      images.add(Words.image(text(container, "image")) + end);
    }
    return String.join(",", images);
  }
}
