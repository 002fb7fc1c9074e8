// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli.daily;

import static dev.holdfast.app.cli.daily.Words.text;

import dev.holdfast.app.cli.Target;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.Printable;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code top}: what the containers of running tasks use. */
@Command(
    name = "top",
    description = {
      "Show what the containers of tasks use, as their hosts told last (every ten seconds).",
      "CPU is in percent of one processor. On a terminal it is shown anew every two seconds,",
      "until Ctrl-C; elsewhere, or with --once, it is shown once."
    },
    footer = "Exit codes: 0 done (also where nothing runs), 1 failed, 2 wrong usage.")
public final class Top implements Callable<Integer> {
  private static final int MOST = 5_000;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private Target target = new Target();

  @Option(names = "--cluster", paramLabel = "NAME", description = "Of this cluster alone.")
  private String cluster = "";

  @Option(names = "--once", description = "Show it once.")
  private boolean once;

  @Option(names = "--json", description = "Print the documents, once.")
  private boolean json;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Printable.json(Json.text(document())));
      out.flush();
      return 0;
    }
    try {
      Screen.show(width -> table(document(), width), out, once);
      return 0;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return 1;
    }
  }

  private JsonObject document() {
    return Pages.all(target, "/top", Map.of("cluster", cluster), "tasks", MOST);
  }

  static String table(JsonObject document, int width) {
    record Row(double cpu, List<String> words) {}
    var rows = new ArrayList<Row>();
    for (JsonObject task : Words.objects(document, "tasks")) {
      List<JsonObject> use = Words.objects(task, "use");
      for (JsonObject one : use) {
        double cpu = Words.decimal(one, "cpuPercent");
        rows.add(new Row(cpu, words(task, one, cpu)));
      }
      if (use.isEmpty()) {
        rows.add(
            new Row(
                -1,
                List.of(
                    text(task, "id"),
                    text(task, "name"),
                    "",
                    text(task, "cluster"),
                    text(task, "host"),
                    "",
                    "",
                    "",
                    "")));
      }
    }
    rows.sort(Comparator.comparingDouble(Row::cpu).reversed());
    var columns =
        new Columns("TASK", "NAME", "CONTAINER", "CLUSTER", "HOST", "CPU%", "MEM", "LIMIT", "MEM%");
    rows.forEach(row -> columns.add(row.words()));
    String hint = document.string("hint");
    return columns.text(width) + (hint == null ? "" : Printable.line(hint) + "\n");
  }

  private static List<String> words(JsonObject task, JsonObject one, double cpu) {
    double memory = Words.decimal(one, "memoryMiB");
    long limit = Words.number(one, "limitMiB");
    return List.of(
        text(task, "id"),
        text(task, "name"),
        text(one, "container"),
        text(task, "cluster"),
        text(task, "host"),
        String.format(Locale.ROOT, "%.1f", cpu),
        String.format(Locale.ROOT, "%.1fMi", memory),
        limit == 0 ? "" : limit + "Mi",
        limit == 0 ? "" : String.format(Locale.ROOT, "%.0f", 100 * memory / limit));
  }
}
