// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli;

import java.io.IOException;
import java.io.OutputStream;
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
        "/logs?task="
            + Explain.encode(name)
            + "&cluster="
            + Explain.encode(cluster)
            + "&since="
            + seconds(since)
            + "&follow="
            + follow,
        out);
    out.flush();
    return 0;
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
