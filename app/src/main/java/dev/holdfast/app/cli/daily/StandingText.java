// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli.daily;

import static dev.holdfast.app.cli.daily.Words.number;
import static dev.holdfast.app.cli.daily.Words.text;

import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.Printable;
import java.util.List;

/** The member {@code standing} of a {@code GET /status} document, as people read it. */
public final class StandingText {
  private static final int BAR = 20;

  private StandingText() {}

  /**
   * Clusters, services, hosts; then what is wrong, and what to type.
   *
   * @param option the words that name this installation in a command, or empty
   * @param width of the terminal, or 0
   */
  public static String of(JsonObject standing, String option, int width) {
    var text = new StringBuilder();
    section(text, clusters(standing).text(width), Words.objects(standing, "clusters").isEmpty());
    section(text, services(standing).text(width), Words.objects(standing, "services").isEmpty());
    section(text, hosts(standing).text(width), Words.objects(standing, "hosts").isEmpty());
    text.append(findings(standing, option));
    return text.toString();
  }

  private static void section(StringBuilder text, String table, boolean empty) {
    if (!empty) {
      text.append('\n').append(table);
    }
  }

  private static Columns clusters(JsonObject standing) {
    var columns = new Columns("CLUSTER", "SERVICES", "RUNNING", "PENDING", "ACCOUNT");
    for (JsonObject row : Words.objects(standing, "clusters")) {
      columns.add(
          List.of(
              text(row, "cluster"),
              Long.toString(number(row, "services")),
              Long.toString(number(row, "running")),
              Long.toString(number(row, "pending")),
              text(row, "account")));
    }
    return columns;
  }

  private static Columns services(JsonObject standing) {
    var columns =
        new Columns("SERVICE", "CLUSTER", "RUNS", "WANTED", "DEFINITION", "DEPLOYMENT", "FAILED");
    for (JsonObject row : Words.objects(standing, "services")) {
      columns.add(
          List.of(
              text(row, "service"),
              text(row, "cluster"),
              Long.toString(number(row, "running")),
              Long.toString(number(row, "desired")),
              text(row, "definition"),
              deployment(row),
              Long.toString(number(row, "failedTasks"))));
    }
    return columns;
  }

  private static String deployment(JsonObject row) {
    if (text(row, "status").equals("DRAINING")) {
      return "draining";
    }
    return switch (text(row, "rollout")) {
      case "IN_PROGRESS" -> bar(number(row, "updated"), number(row, "desired")) + " in progress";
      case "FAILED" -> "FAILED";
      default ->
          row.get("steady") != null && row.isTrue("steady") ? "steady" : "completed, not steady";
    };
  }

  /** {@code [#####.....] 1/2}. */
  static String bar(long done, long all) {
    int filled = all <= 0 ? BAR : (int) Math.min(BAR, done * BAR / all);
    return "[" + "#".repeat(filled) + ".".repeat(BAR - filled) + "] " + done + "/" + all;
  }

  private static Columns hosts(JsonObject standing) {
    var columns = new Columns("HOST", "AGENT", "TASKS", "CPU", "MEMORY", "CLUSTERS");
    for (JsonObject row : Words.objects(standing, "hosts")) {
      columns.add(
          List.of(
              text(row, "host"),
              (row.isTrue("connected") ? "connected" : "SILENT")
                  + (row.isTrue("draining") ? ", draining" : ""),
              Long.toString(number(row, "tasks")),
              number(row, "cpuBooked") + "/" + number(row, "cpu"),
              number(row, "memoryBookedMiB") + "/" + number(row, "memoryMiB") + "Mi",
              String.join(",", Words.texts(row, "clusters"))));
    }
    return columns;
  }

  private static String findings(JsonObject standing, String option) {
    List<JsonObject> findings = Words.objects(standing, "findings");
    if (findings.isEmpty()) {
      return "";
    }
    var text = new StringBuilder("\nwhat is wrong, and what to type\n");
    for (JsonObject finding : findings) {
      text.append("  ")
          .append(Printable.line(text(finding, "where")))
          .append(": ")
          .append(Printable.line(text(finding, "wrong")))
          .append("\n      ")
          .append(Printable.line(named(text(finding, "command"), option)))
          .append('\n');
    }
    return text.toString();
  }

  /** A command of ours names the installation where it is not the usual one. */
  private static String named(String command, String option) {
    return command.startsWith("./holdfast ") ? command + option : command;
  }
}
