// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli.daily;

import static dev.holdfast.app.cli.daily.Words.text;

import dev.holdfast.app.cli.AdminClient;
import dev.holdfast.app.cli.CliFailure;
import dev.holdfast.app.cli.Logs;
import dev.holdfast.app.cli.Target;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonNumber;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.Printable;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code events}: what happened, and with {@code -f} what happens. */
@Command(
    name = "events",
    description = {
      "Show what happened to tasks, services, deployments and hosts: by default in the last hour.",
      "With --json each line is an event as Amazon EventBridge delivers it, and its number.",
      "Events are kept for 7 days, the newest 10,000 of each account; who goes on after a number",
      "misses none of them, and is told where some are forgotten."
    },
    footer = "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done and events are missing.")
public final class Events implements Callable<Integer> {
  private static final int MISSING = 3;
  private static final String WAIT = "20";
  private static final Duration AGAIN = Duration.ofSeconds(1);

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private Target target = new Target();

  @Option(
      names = {"-f", "--follow"},
      description = "Go on as more happens; without --since or --after from now on.")
  private boolean follow;

  @Option(names = "--cluster", paramLabel = "NAME", description = "In this cluster alone.")
  private String cluster = "";

  @Option(names = "--service", paramLabel = "NAME", description = "Of this service alone.")
  private String service = "";

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "What happened since then: 90s, 10m, 1h, 2d ago.")
  private String since = "";

  @Option(
      names = "--after",
      paramLabel = "NUMBER",
      description = "What happened after the event of that number; 0 for all that is kept.")
  private @Nullable Long after;

  @Option(names = "--json", description = "Print one JSON document a line.")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    boolean missing = false;
    String seconds = since.isEmpty() && after == null && !follow ? "3600" : Logs.seconds(since);
    Long at = after;
    while (true) {
      JsonObject page = page(at, seconds);
      Long next = page.integer("next");
      if (next == null) {
        throw new CliFailure("the platform's answer lacks `next`");
      }
      missing |= page.isTrue("gap");
      show(page);
      boolean end = page.array("events").isEmpty() && !page.isTrue("gap");
      if (!follow && end) {
        return missing ? MISSING : 0;
      }
      at = next;
    }
  }

  /** The next page; who follows waits for a platform that starts again. */
  private JsonObject page(@Nullable Long at, String seconds) throws InterruptedException {
    var asked = new HashMap<String, String>();
    asked.put("cluster", cluster);
    asked.put("service", service);
    asked.put("wait", follow ? WAIT : "");
    if (at == null) {
      asked.put("since", seconds);
    } else {
      asked.put("after", Long.toString(at));
    }
    boolean told = at == null || !follow;
    while (true) {
      try {
        AdminClient.Answer answer = target.client().get("/events" + Pages.query(asked));
        if (answer.status() != 200) {
          throw new CliFailure(
              Objects.requireNonNullElse(
                  answer.json().string("message"), "the platform answered " + answer.status()));
        }
        return answer.json();
      } catch (IOException _) {
        if (at == null || !follow) {
          return target.get("/events" + Pages.query(asked));
        }
        if (!told) {
          spec.commandLine().getErr().println("the platform does not answer; waiting for it");
          told = true;
        }
        Thread.sleep(AGAIN);
      }
    }
  }

  private void show(JsonObject page) {
    PrintWriter out = spec.commandLine().getOut();
    if (page.isTrue("gap")) {
      spec.commandLine()
          .getErr()
          .println(
              "events before these or among them are missing: they are kept for 7 days, the newest"
                  + " 10,000 of each account");
      if (json) {
        out.println(Json.text(JsonObject.EMPTY.with("gap", true)));
      }
    }
    for (JsonObject row : Words.objects(page, "events")) {
      long number = Words.number(row, "number");
      JsonObject event = row.object("event");
      out.println(
          json
              ? Printable.json(Json.text(event.with("number", JsonNumber.of(number))))
              : line(number, event));
    }
    out.flush();
  }

  /** An event as a person reads it. */
  static String line(long number, JsonObject event) {
    JsonObject detail = event.object("detail");
    String resource =
        Words.texts(event, "resources").isEmpty() ? "" : Words.texts(event, "resources").getFirst();
    String[] parts = resource.substring(resource.lastIndexOf(':') + 1).split("/", -1);
    String cluster = parts.length > 2 ? parts[1] : "";
    String name = parts[parts.length - 1];
    String what =
        switch (text(event, "detail-type")) {
          case "ECS Task State Change" -> "task " + clipped(name) + "  " + task(detail);
          case "ECS Container Instance State Change" ->
              "instance "
                  + clipped(name)
                  + "  "
                  + text(detail, "status")
                  + (detail.isTrue("agentConnected") ? ", agent connected" : ", agent silent");
          default ->
              "service "
                  + name
                  + "  "
                  + text(detail, "eventName")
                  + (text(detail, "reason").isEmpty() ? "" : ": " + text(detail, "reason"));
        };
    return Printable.line(
        String.format(Locale.ROOT, "%s  #%d  %s  %s", text(event, "time"), number, cluster, what));
  }

  private static String task(JsonObject detail) {
    String last = text(detail, "lastStatus");
    String desired = text(detail, "desiredStatus");
    String definition = text(detail, "taskDefinitionArn");
    var line = new StringBuilder(last);
    if (!last.equals(desired)) {
      line.append(" (wanted ").append(desired).append(')');
    }
    line.append("  ").append(definition.substring(definition.lastIndexOf('/') + 1));
    String health = text(detail, "healthStatus");
    if (!health.isEmpty() && !health.equals("UNKNOWN") && last.equals("RUNNING")) {
      line.append("  ").append(health);
    }
    if (!text(detail, "stoppedReason").isEmpty()) {
      line.append("  ").append(text(detail, "stoppedReason"));
    }
    for (JsonObject container : Words.objects(detail, "containers")) {
      Long code = container.integer("exitCode");
      if (code != null && code != 0) {
        line.append("  ").append(text(container, "name")).append(" exit ").append(code);
      }
    }
    return line.toString();
  }

  private static String clipped(String id) {
    return id.substring(0, Math.min(12, id.length()));
  }
}
