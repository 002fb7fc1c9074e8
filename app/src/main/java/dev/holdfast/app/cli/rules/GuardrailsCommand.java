// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli.rules;

import dev.holdfast.app.cli.Target;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.Printable;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code guardrails}: what they demand, what they said lately, and what lowers them. */
@Command(
    name = "guardrails",
    description = {
      "List and explain the guardrails, with what each said lately.",
      "In the profile `dev` they teach: what is counted as taught would be refused in `standard`.",
      "In `standard` they refuse, but for exceptions that you make here, with a reason and an end."
    },
    subcommands = {GuardrailsCommand.Except.class, GuardrailsCommand.End.class},
    footer = "Exit codes: 0 done, 1 failed, 2 wrong usage.")
public final class GuardrailsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private Target target = new Target();

  @Option(
      names = "--days",
      paramLabel = "N",
      defaultValue = "7",
      description = "How far to look back (default: ${DEFAULT-VALUE}).")
  private long days = 7;

  @Option(names = "--json", description = "Print the document that the platform answers.")
  private boolean json;

  @Override
  public Integer call() {
    JsonObject answer = target.post("/guardrails", JsonObject.EMPTY.with("days", days));
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Printable.json(Json.text(answer)));
    } else {
      print(answer, out);
    }
    out.flush();
    return 0;
  }

  private void print(JsonObject answer, PrintWriter out) {
    boolean teaches = Said.text(answer, "profile").equals("dev");
    out.println(
        "profile "
            + Said.text(answer, "profile")
            + (teaches ? ": guardrails teach and refuse nothing" : ": guardrails refuse"));
    for (JsonObject rule : Said.objects(answer, "guardrails")) {
      out.println();
      out.println(
          "%s  (practice %02d, mode %s)"
              .formatted(
                  Said.text(rule, "id"), Said.number(rule, "practice"), Said.text(rule, "mode")));
      out.println("  demands: " + Said.text(rule, "text"));
      lately(rule.object("lately"), out);
    }
    if (!answer.isTrue("complete")) {
      out.println();
      out.println("the audit is longer than was read: there may be more; try fewer --days");
    }
    out.println();
    if (Said.objects(answer, "exceptions").isEmpty()) {
      out.println("no exceptions");
    }
    for (JsonObject exception : Said.objects(answer, "exceptions")) {
      out.println("exception " + line(exception));
    }
  }

  private void lately(JsonObject lately, PrintWriter out) {
    long taught = Said.number(lately, "taught");
    long warned = Said.number(lately, "warned");
    long refused = Said.number(lately, "refused");
    if (taught + warned + refused == 0) {
      out.println("  last " + days + " days: nothing");
      return;
    }
    out.println(
        "  last %d days: %d refused, %d would have been refused, %d let pass by an exception"
            .formatted(days, refused, taught, warned));
    out.println(
        "  latest: %s  %s by %s"
            .formatted(
                Said.text(lately, "last"),
                Said.text(lately, "lastCall"),
                Said.text(lately, "lastBy")));
    out.println("    " + Said.text(lately, "lastText"));
  }

  private static String line(JsonObject exception) {
    String resource = Said.text(exception, "resource");
    String principal = Said.text(exception, "principal");
    return Said.text(exception, "exception")
        + ": "
        + Said.text(exception, "guardrail")
        + (resource.isEmpty() ? "" : ", resource " + resource)
        + (principal.isEmpty() ? "" : ", principal " + principal)
        + ", until "
        + Said.text(exception, "until")
        + ": "
        + Said.text(exception, "reason");
  }

  /** Lowers a guardrail. */
  @Command(
      name = "except",
      description = {
        "Let a guardrail pass something for a time. It is recorded in the audit, shown in the status,",
        "and ends by itself; 30 days at most."
      })
  static final class Except implements Callable<Integer> {
    private static final Pattern LASTING = Pattern.compile("([0-9]{1,6})([mhd])");

    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private Target target = new Target();

    @Parameters(paramLabel = "ID", description = "The guardrail.")
    private String guardrail = "";

    @Option(
        names = "--resource",
        paramLabel = "PATTERN",
        description = "For this ARN or image alone; an asterisk stands for any characters.")
    private @Nullable String resource;

    @Option(
        names = "--principal",
        paramLabel = "PATTERN",
        description = "For this user, role or session alone, by ARN.")
    private @Nullable String principal;

    @Option(
        names = "--until",
        required = true,
        paramLabel = "WHEN",
        description = "Its end: 30m, 8h, 7d, or a time such as 2026-12-01T08:00:00Z.")
    private String until = "";

    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why.")
    private String reason = "";

    @Override
    public Integer call() {
      JsonObject wanted =
          JsonObject.EMPTY
              .with("guardrail", guardrail)
              .with("seconds", seconds(InstantSource.system().instant()))
              .with("reason", reason);
      if (resource != null) {
        wanted = wanted.with("resource", resource);
      }
      if (principal != null) {
        wanted = wanted.with("principal", principal);
      }
      JsonObject made = target.post("/guardrails/except", wanted);
      PrintWriter out = spec.commandLine().getOut();
      out.println("exception " + line(made));
      out.println(
          "raise it again before its end: ./holdfast guardrails end "
              + Said.text(made, "exception")
              + target.option());
      out.flush();
      return 0;
    }

    private long seconds(Instant now) {
      Matcher lasting = LASTING.matcher(until);
      if (lasting.matches()) {
        long number = Long.parseLong(lasting.group(1));
        return switch (lasting.group(2)) {
          case "m" -> Duration.ofMinutes(number).toSeconds();
          case "h" -> Duration.ofHours(number).toSeconds();
          default -> Duration.ofDays(number).toSeconds();
        };
      }
      try {
        return Duration.between(now, Instant.parse(until)).toSeconds();
      } catch (DateTimeParseException _) {
        throw new ParameterException(
            spec.commandLine(), "--until is 30m, 8h, 7d, or a time such as 2026-12-01T08:00:00Z");
      }
    }
  }

  /** Raises a guardrail. */
  @Command(name = "end", description = "End an exception: its guardrail rises again.")
  static final class End implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private Target target = new Target();

    @Parameters(paramLabel = "EXCEPTION", description = "Its id, as `guardrails` lists it.")
    private String exception = "";

    @Override
    public Integer call() {
      JsonObject ended =
          target.post("/guardrails/end", JsonObject.EMPTY.with("exception", exception));
      spec.commandLine().getOut().println("ended: exception " + line(ended));
      spec.commandLine().getOut().flush();
      return 0;
    }
  }
}
