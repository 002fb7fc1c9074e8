// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli.hosts;

import dev.holdfast.app.cli.CliFailure;
import dev.holdfast.app.cli.DataDir;
import dev.holdfast.app.cli.DirectoryLock;
import dev.holdfast.app.cli.Processes;
import dev.holdfast.app.cli.StartOptions;
import dev.holdfast.app.cli.Target;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code host ...}: other machines that run tasks of this platform. */
@Command(
    name = "host",
    description = "Other machines: invite, list, drain, remove; and on such a machine: join.",
    subcommands = {
      HostCommand.Invite.class,
      HostCommand.All.class,
      HostCommand.Drain.class,
      HostCommand.Activate.class,
      HostCommand.Remove.class,
      HostCommand.Join.class
    })
public final class HostCommand implements Callable<Integer> {
  private static final String NAME = "name";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return 2;
  }

  private static String text(JsonObject json, String name) {
    return Printable.line(String.valueOf(json.string(name)));
  }

  /** Prints the one command for the other machine. */
  @Command(
      name = "invite",
      description = {
        "Print the one command by which another machine joins.",
        "The join code in it is good once, for an hour, and for one name. It is given to the command",
        "by its standard input, so that no list of processes shows it."
      })
  static final class Invite implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private Target target = new Target();

    @Option(
        names = "--name",
        paramLabel = "NAME",
        description = "What the machine will be called (default: made up).")
    private String name = "";

    @Option(
        names = "--cluster",
        paramLabel = "CLUSTER",
        description = {
          "Keep the machine to one cluster, by its name or ARN (default: it is for every cluster).",
          "It is a container instance of that cluster as soon as it has joined."
        })
    private String cluster = "";

    @Option(
        names = "--attribute",
        paramLabel = "NAME=VALUE",
        description = "What placement constraints can ask of it, such as rack=r1; may be repeated.")
    private Map<String, String> attributes = new LinkedHashMap<>();

    @Override
    public Integer call() {
      JsonObject said = JsonObject.EMPTY;
      for (var attribute : attributes.entrySet()) {
        said = said.with(attribute.getKey(), attribute.getValue());
      }
      JsonObject made =
          target.post(
              "/hosts/invite",
              JsonObject.EMPTY.with(NAME, name).with("cluster", cluster).with("attributes", said));
      var out = spec.commandLine().getOut();
      out.println(
          "# "
              + text(made, NAME)
              + " may join until "
              + text(made, "expires")
              + ", once. Run there, as root:");
      out.println(
          "printf '%s\\n' "
              + text(made, "code")
              + " | ./holdfast host join "
              + text(made, "address")
              + " --ca-sha256 "
              + text(made, "fingerprint"));
      out.flush();
      return 0;
    }
  }

  /** One line a host. */
  @Command(name = "list", description = "List the machines that joined.")
  static final class All implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private Target target = new Target();

    @Option(names = "--json", description = "Print the document that the platform answers.")
    private boolean json;

    @Override
    public Integer call() {
      JsonObject answer = target.get("/hosts");
      var out = spec.commandLine().getOut();
      if (json) {
        out.println(Printable.json(Json.text(answer)));
      } else {
        answer.array("hosts").forEach(item -> out.println(line(item)));
      }
      out.flush();
      return 0;
    }

    private static String line(JsonValue item) {
      if (!(item instanceof JsonObject host)) {
        return "?";
      }
      String state =
          host.isTrue("connected")
              ? "connected"
              : "silent for " + host.integer("silentSeconds") + " s";
      return "%-24s  %s  %s%s, tasks: %d%s"
          .formatted(
              text(host, NAME),
              text(host, "id"),
              state,
              host.isTrue("draining") ? ", draining" : "",
              host.integer("tasks"),
              host.string("cluster") == null ? "" : ", for " + text(host, "cluster"));
    }
  }

  /** What is done to one machine, by its name. */
  abstract static class OfOne implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private Target target = new Target();

    @Parameters(paramLabel = "NAME", description = "The machine's name or id.")
    private String name = "";

    final JsonObject ask(String what) {
      return target.post("/hosts/" + what, JsonObject.EMPTY.with(NAME, name));
    }

    final void say(String line) {
      spec.commandLine().getOut().println(line);
    }
  }

  /** Takes no new tasks there. */
  @Command(
      name = "drain",
      description = "Place no new tasks on a machine; services move what of theirs is there.")
  static final class Drain extends OfOne {
    @Override
    public Integer call() {
      say(text(ask("drain"), NAME) + " takes no new tasks");
      return 0;
    }
  }

  /** Takes new tasks again. */
  @Command(name = "activate", description = "Place tasks on a machine again.")
  static final class Activate extends OfOne {
    @Override
    public Integer call() {
      say(text(ask("activate"), NAME) + " takes tasks again");
      return 0;
    }
  }

  /** Takes back everything that a host was given. */
  @Command(
      name = "remove",
      description = {
        "Remove a machine: its certificate and its sessions are void at once, its streams end, and",
        "its tasks count as lost; services start theirs elsewhere. Drain it first where you can: what",
        "still runs there ends when its agent hears that it was removed, or not at all."
      })
  static final class Remove extends OfOne {
    @Override
    public Integer call() {
      JsonObject done = ask("remove");
      say(text(done, NAME) + " is removed; tasks lost: " + done.integer("tasks"));
      return 0;
    }
  }

  /** Joins, and runs the agent. */
  @Command(
      name = "join",
      description = {
        "Join the platform that invited this machine, and run its agent until Ctrl-C.",
        "The join code comes by standard input. Once joined, the same folder needs neither address",
        "nor code: ./holdfast host join. Nothing is sent before the platform's authority was",
        "checked; the key that is made here never leaves this machine."
      })
  public static final class Join implements Callable<Integer> {
    private static final int LONGEST = 200;
    private final Processes processes;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(
        names = "--data-dir",
        paramLabel = "DIR",
        description =
            "Where this machine keeps its key and its tasks (default: /var/lib/holdfast-host).")
    private Path folder = Path.of("/var/lib/holdfast-host");

    @Option(names = "--help", usageHelp = true, description = "Show this text.")
    boolean help;

    @Option(
        names = "--ca-sha256",
        paramLabel = "HEX",
        description = "The fingerprint of the platform's authority.")
    private @Nullable String fingerprint;

    @Option(
        names = "--engine",
        paramLabel = "SOCKET",
        description =
            "The container engine's unix socket (default: the one that DOCKER_HOST names, else"
                + " /var/run/docker.sock).")
    private @Nullable Path engine;

    @Parameters(
        paramLabel = "HOST:PORT",
        arity = "0..1",
        description = "Where the platform speaks TLS.")
    private @Nullable String platform;

    public Join(Processes processes) {
      this.processes = processes;
    }

    @Override
    public Integer call() throws IOException {
      if ((platform == null) != (fingerprint == null)) {
        throw new ParameterException(
            spec.commandLine(),
            "say HOST:PORT and --ca-sha256 together, as the invitation has them");
      }
      if (fingerprint != null && !fingerprint.matches("(?i)([0-9a-f]{2}:?){31}[0-9a-f]{2}")) {
        throw new ParameterException(spec.commandLine(), "a fingerprint has 64 hexadecimal digits");
      }
      var dir = new DataDir(folder);
      dir.create();
      try (var _ =
          DirectoryLock.tryAcquire(dir.lockFile())
              .orElseThrow(
                  () -> new CliFailure("another process works in " + dir.path() + " already"))) {
        return processes.host(
            new JoinOptions(
                dir.path(),
                platform,
                fingerprint,
                () -> line(System.in),
                engine == null
                    ? StartOptions.engine(System.getenv("DOCKER_HOST"))
                    : engine.toAbsolutePath()));
      }
    }

    /** The first line of what is given; the rest is not read. */
    public static String line(InputStream in) throws IOException {
      var line = new java.io.ByteArrayOutputStream();
      for (int next = in.read(); next >= 0 && next != '\n' && line.size() < LONGEST; ) {
        line.write(next);
        next = in.read();
      }
      return line.toString(StandardCharsets.US_ASCII).strip();
    }
  }
}
