// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli;

import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.Printable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code logs SERVICE|TASK}: what the containers of a service or a task wrote. */
@Command(
    name = "logs",
    description = {
      "Show what the containers of a service or a task wrote.",
      "What would act on a terminal is written out; --raw shows each byte as it was written."
    })
public final class Logs implements Callable<Integer> {
  private static final Pattern TIME = Pattern.compile("([0-9]{1,6})([smhd])");

  @Mixin private Target target = new Target();

  @Parameters(paramLabel = "SERVICE|TASK", description = "A service's name, or a task's id or ARN.")
  private String name = "";

  @Option(
      names = {"-f", "--follow"},
      description = "Go on as the containers write more.")
  private boolean follow;

  @Option(names = "--cluster", paramLabel = "NAME", description = "In this cluster alone.")
  private String cluster = "";

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "What was written since then: 90s, 10m, 1h, 2d ago.")
  private String since = "";

  @Option(names = "--raw", description = "Write bytes as they are; for files, not for terminals.")
  private boolean raw;

  @Override
  public Integer call() throws IOException {
    OutputStream out = raw ? System.out : PrintableWriter.over(System.out);
    target.stream(
        "/logs?frames=true&task="
            + Explain.encode(name)
            + "&cluster="
            + Explain.encode(cluster)
            + "&since="
            + seconds(since)
            + "&follow="
            + follow,
        new Frames(out, System.err));
    out.flush();
    return 0;
  }

  /** Writes what tasks wrote where it belongs, and what is said of them beside it. */
  static final class Frames extends OutputStream {
    private final OutputStream out;
    private final PrintStream notes;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    Frames(OutputStream out, PrintStream notes) {
      this.out = out;
      this.notes = notes;
    }

    @Override
    public void write(int b) throws IOException {
      if (b == '\n') {
        take(Json.parseObject(line.toByteArray()));
        line.reset();
      } else {
        line.write(b);
      }
    }

    private void take(JsonObject frame) throws IOException {
      String text = frame.string("text");
      if (text != null) {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
      }
      String note = frame.string("note");
      if (note != null) {
        notes.println("holdfast: " + Printable.line(note));
      }
    }
  }

  /** Seconds of a time such as {@code 1h}; empty for none. */
  public static String seconds(String time) {
    if (time.isEmpty()) {
      return "";
    }
    Matcher matcher = TIME.matcher(time);
    if (!matcher.matches()) {
      throw new CliFailure("--since is a number with s, m, h or d, such as 90s or 1h");
    }
    long number = Long.parseLong(matcher.group(1));
    long unit =
        switch (matcher.group(2)) {
          case "s" -> 1;
          case "m" -> 60;
          case "h" -> 3600;
          default -> 86_400;
        };
    return Long.toString(number * unit);
  }
}
