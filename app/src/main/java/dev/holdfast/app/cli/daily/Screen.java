// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli.daily;

import dev.holdfast.app.cli.Terminal;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.function.IntFunction;

/** A text that is shown again and again in the same place, until Ctrl-C. */
public final class Screen {
  private static final Duration ROUND = Duration.ofSeconds(2);

  /** To the first place, and nothing below. */
  private static final String HOME = "\u001b[H\u001b[J";

  private Screen() {}

  /**
   * Shows it.
   *
   * @param text for so many columns; 0 for whole words
   * @param out where others' words go, which writes out what acts
   * @param once whether it is shown once, which it is anyway where there is no terminal
   */
  public static void show(IntFunction<String> text, PrintWriter out, boolean once)
      throws InterruptedException {
    if (once || !Terminal.present()) {
      out.print(text.apply(once && Terminal.present() ? Terminal.size().columns() : 0));
      out.flush();
      return;
    }
    PrintStream raw = System.out;
    while (true) {
      Terminal.Size size = Terminal.size();
      String shown = text.apply(size.columns());
      raw.print(HOME);
      raw.flush();
      shown.lines().limit(Math.max(1, size.rows() - 1L)).forEach(out::println);
      out.flush();
      Thread.sleep(ROUND);
    }
  }
}
