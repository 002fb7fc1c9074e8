// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli.rules;

import dev.holdfast.app.cli.CliFailure;
import dev.holdfast.app.cli.Target;
import dev.holdfast.aws.ApiError;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.Printable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code iam ...}: what the operator does with rights. */
@Command(
    name = "iam",
    description = "Rights: shrink a role's to what it uses, and take credentials back.",
    subcommands = {IamCommand.Revoke.class, IamCommand.ShrinkRole.class})
public final class IamCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--help", usageHelp = true, description = "Show this text.")
  boolean help;

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return 2;
  }

  /** Takes credentials back. */
  @Command(
      name = "revoke",
      description = {
        "Take credentials back at once: the very next request with them is refused.",
        "Of a user the access keys become inactive, and every session ends that was opened with",
        "them, those of roles among them. Of a role every session ends that is open now; who may",
        "still open one can. The users, the roles and their policies stay as they are."
      },
      footer = "Exit codes: 0 done, 1 failed, 2 wrong usage.")
  static final class Revoke implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private Target target = new Target();

    @Parameters(
        paramLabel = "WHAT",
        description = {
          "A user or role: an ARN, user/NAME, role/NAME, or the name where only one has it.",
          "A session: its ARN (arn:aws:sts::...:assumed-role/ROLE/NAME), for all of that name.",
          "A key: AKIA... with every session opened with it, or ASIA... for its one session."
        })
    private String what = "";

    @Override
    public Integer call() {
      JsonObject answer = target.post("/iam/revoke", JsonObject.EMPTY.with("named", what));
      PrintWriter out = spec.commandLine().getOut();
      out.println("revoked: " + Said.text(answer, "revoked"));
      for (String key : Said.texts(answer, "inactive")) {
        out.println(
            "  %s is inactive; to use it again: aws iam update-access-key --access-key-id %s --status Active"
                .formatted(key, key));
      }
      out.flush();
      return 0;
    }
  }

  /** Proposes the least policies. */
  @Command(
      name = "shrink",
      description = {
        "Propose the least policies that cover what a role did, as the audit tells.",
        "Each statement of a proposal lies within one of today's, which is proved, and the record"
            + " is",
        "judged by it before you see it. Denies and conditions stay. Nothing changes without"
            + " --apply,",
        "which keeps the old policies and says how to go back."
      },
      footer = "Exit codes: 0 done, 1 failed, 2 wrong usage.")
  static final class ShrinkRole implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private Target target = new Target();

    @Parameters(paramLabel = "ROLE", description = "A role of the operator's account, by name.")
    private String role = "";

    @Option(
        names = "--days",
        paramLabel = "N",
        defaultValue = "90",
        description = {
          "How far back the record goes (default: ${DEFAULT-VALUE}, at most 400).",
          "The audit keeps calls that only look for 90 days: beyond, no resource is narrowed."
        })
    private long days = 90;

    @Option(names = "--apply", description = "Put the proposal in force.")
    private boolean apply;

    @Option(
        names = "--keep-in",
        paramLabel = "DIR",
        defaultValue = ".",
        description = "With --apply: where old inline policies are kept (default: here).")
    private Path folder = Path.of(".");

    @Option(names = "--json", description = "Print the document that the platform answers.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
      JsonObject answer =
          target.post("/iam/shrink", JsonObject.EMPTY.with("role", role).with("days", days));
      PrintWriter out = spec.commandLine().getOut();
      if (json) {
        out.println(Printable.json(Json.text(answer)));
      } else {
        print(answer, out);
      }
      if (Said.texts(answer, "used").isEmpty()) {
        throw new CliFailure(
            "nothing is on record of the role "
                + role
                + " within "
                + days
                + " days, so nothing is proposed: a role that nobody needs is deleted, not shrunk");
      }
      if (apply) {
        apply(answer, out);
      } else if (changed(answer)) {
        out.println();
        out.println("to put it in force: the same command with --apply");
      }
      out.flush();
      return 0;
    }

    private static boolean changed(JsonObject answer) {
      return Said.objects(answer, "policies").stream().anyMatch(p -> p.isTrue("changed"));
    }

    private void print(JsonObject answer, PrintWriter out) {
      out.println(
          "role %s: %d calls since %s, %d actions used"
              .formatted(
                  role,
                  Said.number(answer, "calls"),
                  Said.text(answer, "since"),
                  Said.texts(answer, "used").size()));
      Said.texts(answer, "used").forEach(action -> out.println("  " + action));
      List<String> unresolved = Said.texts(answer, "unresolved");
      if (!unresolved.isEmpty()) {
        out.println(
            "of these the audit does not tell every resource, so their resources are not"
                + " narrowed:");
        unresolved.forEach(action -> out.println("  " + action));
      }
      if (answer.isTrue("beyond")) {
        out.println(
            "the audit keeps calls that only look for 90 days: beyond, no resource is narrowed");
      }
      if (!answer.isTrue("complete")) {
        out.println("the audit is longer than was read: no resource is narrowed; try fewer --days");
      }
      out.println(
          "of %d different uses, today's policies allow %d with what the record tells of them; the proposal allows the same"
              .formatted(Said.number(answer, "replayed"), Said.number(answer, "allowed")));
      for (JsonObject policy : Said.objects(answer, "policies")) {
        out.println();
        print(policy, policy.string("arn") == null ? "inline policy " : "policy ", out);
      }
    }

    private static void print(JsonObject policy, String kind, PrintWriter out) {
      out.println(kind + Said.text(policy, "name"));
      for (JsonObject change : Said.objects(policy, "changes")) {
        out.println(
            "  statement %s %s: %s"
                .formatted(
                    Said.text(change, "statement"),
                    Said.text(change, "what"),
                    Said.text(change, "why")));
      }
      if (policy.isTrue("changed")) {
        String proposed = policy.string("proposed");
        out.println(
            proposed == null
                ? "  proposed: leave it out"
                : "  proposed: " + Printable.line(proposed));
      }
    }

    private void apply(JsonObject answer, PrintWriter out) throws IOException {
      if (!changed(answer)) {
        out.println("nothing to do: the role uses what it may");
        return;
      }
      try (var changes = ShrinkChanges.open(target, role, folder)) {
        out.println();
        changes.apply(Said.objects(answer, "policies"), out);
      } catch (ApiError e) {
        throw new CliFailure(e.code() + ": " + e.text());
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        throw new CliFailure("interrupted");
      }
    }
  }
}
