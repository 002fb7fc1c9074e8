// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli;

import dev.holdfast.app.cli.accounts.AccountCommand;
import dev.holdfast.app.cli.daily.Events;
import dev.holdfast.app.cli.daily.History;
import dev.holdfast.app.cli.daily.Ps;
import dev.holdfast.app.cli.daily.Top;
import dev.holdfast.app.cli.daily.WebhookCommand;
import dev.holdfast.app.cli.hosts.CaCommand;
import dev.holdfast.app.cli.hosts.HostCommand;
import dev.holdfast.app.cli.rules.GuardrailsCommand;
import dev.holdfast.app.cli.rules.IamCommand;
import dev.holdfast.app.cli.rules.QuotaCommand;
import dev.holdfast.kit.Spelling;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The root command {@code ./holdfast}; exit codes: 0 done, 1 failed, 2 wrong usage. */
@Command(
    name = "holdfast",
    description = "A container platform that speaks, and enforces, the AWS APIs.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = false,
    scope = ScopeType.LOCAL,
    footerHeading = "%nAnswered by the launcher itself:%n",
    footer = {
      "  quickstart  The main job in one go, each step shown as it happens.",
      "  tour        Play the practices: do, see, be refused, mend.",
      "  test        Run every check.",
      "  install-service  Start at boot, and again whenever it ends (systemd).",
      "",
      "Start with `./holdfast up`, or `./holdfast quickstart` on a fresh machine.",
      "Exit codes: 0 done, 1 failed, 2 wrong usage."
    })
public final class HoldfastCommand implements Runnable {
  private static final List<Named> COMMANDS =
      List.of(
          new Named("up", Up.class),
          new Named("down", Down.class),
          new Named("status", Status.class),
          new Named("ps", Ps.class),
          new Named("top", Top.class),
          new Named("history", History.class),
          new Named("events", Events.class),
          new Named("webhook", WebhookCommand.class),
          new Named("env", Env.class),
          new Named("logs", Logs.class),
          new Named("exec", ExecCommand.class),
          new Named("explain", Explain.class),
          new Named("account", AccountCommand.class),
          new Named("task", TaskCommand.class),
          new Named("host", HostCommand.class),
          new Named("ca", CaCommand.class),
          new Named("iam", IamCommand.class),
          new Named("quota", QuotaCommand.class),
          new Named("guardrails", GuardrailsCommand.class),
          new Named("audit", AuditCommand.class),
          new Named("backup", Backup.class),
          new Named("restore", RestoreCommand.class),
          new Named("key", KeyCommand.class),
          new Named("keys", KeysCommand.class),
          new Named("fsck", Fsck.class),
          new Named("clock", ClockCommand.class),
          new Named("version", Version.class),
          new Named("help", HelpCommand.class),
          new Named("server", ServerCommand.class),
          new Named("train", Train.class));

  @Spec private CommandSpec spec = CommandSpec.create();

  private HoldfastCommand() {}

  /**
   * Runs one command line and returns its exit code. The agent gets its words as they are: it has
   * no room for a command line parser's classes.
   */
  public static int execute(String[] args, Processes processes) {
    if (args.length > 0 && args[0].equals("agent")) {
      return processes.agent(Arrays.asList(args).subList(1, args.length));
    }
    return commandLine(processes, args).execute(args);
  }

  /** A command by its name. */
  private record Named(String name, Class<?> kind) {}

  /**
   * The command line for these words: where the first one names a command, that alone is prepared,
   * since preparing all of them takes as long as most commands themselves.
   */
  static CommandLine commandLine(Processes processes, String[] args) {
    for (Named command : COMMANDS) {
      if (args.length > 0
          && command.name().equals(args[0])
          && command.kind() != HelpCommand.class) {
        return commandLine(processes, List.of(command));
      }
    }
    return commandLine(processes);
  }

  static CommandLine commandLine(Processes processes) {
    return commandLine(processes, COMMANDS);
  }

  private static CommandLine commandLine(Processes processes, List<Named> commands) {
    var line = new CommandLine(new HoldfastCommand(), new Parts(processes));
    commands.forEach(command -> line.addSubcommand(command.name(), command.kind()));
    line.setUsageHelpWidth(100);
    // What commands print comes from elsewhere in part; colours of help texts go the same way.
    line.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
    line.setOut(new PrintWriter(new PrintableWriter(line.getOut()), true));
    line.setErr(new PrintWriter(new PrintableWriter(line.getErr()), true));
    line.setParameterExceptionHandler((wrong, _) -> explain(wrong));
    line.setExecutionExceptionHandler(
        (failure, command, _) -> {
          report(command.getErr(), failure);
          return 1;
        });
    return line;
  }

  /** Says what is wrong with a command line, and what was meant; the exit code of wrong usage. */
  private static int explain(CommandLine.ParameterException wrong) {
    CommandLine command = wrong.getCommandLine();
    PrintWriter err = command.getErr();
    err.println(wrong.getMessage());
    Optional<String> meant =
        wrong instanceof CommandLine.UnmatchedArgumentException unknown && unknown.isUnknownOption()
            ? Spelling.nearest(
                unknown.getUnmatched().getFirst(), command.getCommandSpec().optionsMap().keySet())
            : Optional.empty();
    if (meant.isPresent()) {
      err.println("Did you mean: " + meant.get());
    } else if (!CommandLine.UnmatchedArgumentException.printSuggestions(wrong, err)) {
      command.usage(err);
    }
    err.flush();
    return CommandLine.ExitCode.USAGE;
  }

  private static void report(PrintWriter err, Exception failure) {
    if (failure instanceof CliFailure || failure instanceof Processes.Failed) {
      err.println("holdfast: " + failure.getMessage());
    } else {
      err.println("holdfast: failed: " + failure);
      if (System.getenv("HOLDFAST_DEBUG") != null) {
        failure.printStackTrace(err);
      }
    }
    err.flush();
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /** Makes the commands; those that start programs get them handed in. */
  private record Parts(Processes processes) implements CommandLine.IFactory {
    @Override
    public <K> K create(Class<K> kind) throws Exception {
      if (kind == Up.class) {
        return kind.cast(new Up(processes));
      }
      if (kind == ServerCommand.class) {
        return kind.cast(new ServerCommand(processes));
      }
      if (kind == Fsck.class) {
        return kind.cast(new Fsck(processes));
      }
      if (kind == HostCommand.Join.class) {
        return kind.cast(new HostCommand.Join(processes));
      }
      if (kind == Train.class) {
        return kind.cast(new Train(processes));
      }
      if (kind == Backup.class) {
        return kind.cast(new Backup(processes));
      }
      if (kind == RestoreCommand.class) {
        return kind.cast(new RestoreCommand(processes));
      }
      if (kind == KeyCommand.Export.class) {
        return kind.cast(new KeyCommand.Export(processes));
      }
      if (kind == KeyCommand.Rotate.class) {
        return kind.cast(new KeyCommand.Rotate(processes));
      }
      return CommandLine.defaultFactory().create(kind);
    }
  }
}
