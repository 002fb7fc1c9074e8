// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The terminal that this program was started on, which {@code stty} sets. */
public final class Terminal implements AutoCloseable {
  /** Characters a line, and lines. */
  public record Size(int columns, int rows) {}

  private static final long PATIENCE_SECONDS = 5;

  private final String before;

  private Terminal(String before) {
    this.before = before;
  }

  /** Whether input and output are both of a terminal. */
  public static boolean present() {
    try {
      return run(List.of("sh", "-c", "test -t 0 && test -t 1")).code() == 0;
    } catch (IOException _) {
      return false;
    }
  }

  /** Hands every key to whoever reads, and shows none, until it is closed. */
  static Terminal raw() throws IOException {
    String before = stty("-g").strip();
    if (!before.matches("[0-9a-fA-F:]+")) {
      throw new IOException("stty says nothing of this terminal");
    }
    var terminal = new Terminal(before);
    stty("raw", "-echo");
    return terminal;
  }

  /** As it is now; 80 by 24 where it does not say. */
  public static Size size() {
    try {
      String[] words = stty("size").strip().split(" ", -1);
      if (words.length == 2 && words[0].matches("[0-9]{1,4}") && words[1].matches("[0-9]{1,4}")) {
        int rows = Integer.parseInt(words[0]);
        int columns = Integer.parseInt(words[1]);
        if (rows > 0 && columns > 0) {
          return new Size(columns, rows);
        }
      }
    } catch (IOException _) {
      // as if it had said nothing
    }
    return new Size(80, 24);
  }

  private static String stty(String... words) throws IOException {
    var command = new java.util.ArrayList<String>();
    command.add("stty");
    command.addAll(List.of(words));
    Ended ended = run(command);
    if (ended.code() != 0) {
      throw new IOException("stty failed");
    }
    return ended.output();
  }

  private record Ended(int code, String output) {}

  /** Runs a program on this terminal. */
  private static Ended run(List<String> command) throws IOException {
    boolean asks = !command.getFirst().equals("sh");
    var builder = new ProcessBuilder(command).redirectInput(ProcessBuilder.Redirect.INHERIT);
    if (!asks) {
      builder.redirectOutput(ProcessBuilder.Redirect.INHERIT);
    }
    Process process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String output =
        asks ? new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8) : "";
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException(command.getFirst() + " does not end");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
      throw new IOException("interrupted");
    }
    return new Ended(process.exitValue(), output);
  }

  /** Leaves it as it was. */
  @Override
  public void close() {
    try {
      String _ = stty(before);
    } catch (IOException _) {
      // the terminal is gone
    }
  }
}
