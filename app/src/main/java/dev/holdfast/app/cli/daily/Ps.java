// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli.daily;

import static dev.holdfast.app.cli.daily.Words.text;

import dev.holdfast.app.cli.Target;
import dev.holdfast.app.cli.Terminal;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.Printable;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ps}: the tasks of all clusters and accounts. */
@Command(
    name = "ps",
    description = {
      "List the tasks of all clusters: of which service, how they are, and where.",
      "A task's short id is understood by logs, exec and task explain."
    },
    footer = "Exit codes: 0 done (also where nothing runs), 1 failed, 2 wrong usage.")
public final class Ps implements Callable<Integer> {
  private static final int MOST = 10_000;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private Target target = new Target();

  @Option(names = "--cluster", paramLabel = "NAME", description = "Of this cluster alone.")
  private String cluster = "";

  @Option(names = "--service", paramLabel = "NAME", description = "Of this service alone.")
  private String service = "";

  @Option(
      names = {"-a", "--all"},
      description = "Also those that stopped within the last hour, with the reason.")
  private boolean all;

  @Option(
      names = {"-q", "--quiet"},
      description = "Whole ids alone, one a line; for scripts.")
  private boolean quiet;

  @Option(names = "--json", description = "Print the documents, all pages as one.")
  private boolean json;

  @Override
  public Integer call() {
    JsonObject document =
        Pages.all(
            target,
            "/ps",
            Map.of("cluster", cluster, "service", service, "all", Boolean.toString(all)),
            "tasks",
            MOST);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Printable.json(Json.text(document)));
    } else if (quiet) {
      Words.objects(document, "tasks")
          .forEach(t -> out.println(t.string("task") == null ? "" : last(text(t, "task"))));
    } else {
      out.print(table(document, all, InstantSource.system().instant()).text(width()));
      hint(document, spec.commandLine().getErr());
    }
    out.flush();
    return 0;
  }

  private static String last(String arn) {
    return arn.substring(arn.lastIndexOf('/') + 1);
  }

  /** Characters a line, or 0 where it is no terminal. */
  static int width() {
    return Terminal.present() ? Terminal.size().columns() : 0;
  }

  static void hint(JsonObject document, PrintWriter err) {
    String hint = document.string("hint");
    if (hint != null) {
      err.println(hint);
    }
    if (document.isTrue("more")) {
      err.println("there are more; narrow it with --cluster, --service or --since");
    }
    err.flush();
  }

  static Columns table(JsonObject document, boolean reasons, Instant now) {
    var columns =
        reasons
            ? new Columns(
                "TASK", "NAME", "CLUSTER", "STATUS", "HEALTH", "HOST", "SINCE", "PORTS", "IMAGE",
                "REASON")
            : new Columns(
                "TASK", "NAME", "CLUSTER", "STATUS", "HEALTH", "HOST", "SINCE", "PORTS", "IMAGE");
    for (JsonObject task : Words.objects(document, "tasks")) {
      var row =
          new ArrayList<>(
              List.of(
                  text(task, "id"),
                  text(task, "name"),
                  text(task, "cluster"),
                  status(task),
                  health(task),
                  text(task, "host"),
                  Words.ago(text(task, "since"), now),
                  String.join(",", Words.texts(task, "ports")),
                  String.join(
                      ",", Words.texts(task, "images").stream().map(Words::image).toList())));
      if (reasons) {
        row.add(reason(task));
      }
      columns.add(row);
    }
    return columns;
  }

  /** With the exit codes, which say more than AWS's general words. */
  private static String reason(JsonObject task) {
    var words = new StringBuilder(text(task, "reason"));
    for (JsonObject container : Words.objects(task, "containers")) {
      Long code = container.integer("exitCode");
      if (code != null && code != 0) {
        words.append("  ").append(text(container, "name")).append(" exit ").append(code);
      }
    }
    return words.toString();
  }

  private static String status(JsonObject task) {
    String status = text(task, "status");
    boolean ends = text(task, "desired").equals("STOPPED") && !status.equals("STOPPED");
    return ends ? "STOPPING" : status;
  }

  private static String health(JsonObject task) {
    String health = text(task, "health");
    return health.equals("UNKNOWN") ? "" : health;
  }
}
