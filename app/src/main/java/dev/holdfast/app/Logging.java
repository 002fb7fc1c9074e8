// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.Printable;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * The process's log: one JSON line an event, on the error stream, which {@code up} keeps in a file.
 */
public final class Logging {
  private Logging() {}

  /**
   * Held here, since the manager forgets a logger's level with the logger where nobody holds it; in
   * a class of its own, since the manager is not chosen yet when {@link Logging} is first used.
   */
  private static final class Quiet {
    static final Logger JETTY = Logger.getLogger("org.eclipse.jetty");

    private Quiet() {}
  }

  /**
   * The JDK's log manager, but for its habit of closing every log at the first moment of a SIGTERM,
   * when there is most to say.
   */
  public static final class Manager extends LogManager {
    @Override
    public void reset() {
      // the process's end closes what is open
    }
  }

  /** Chooses the manager; before anything logs. */
  static void choose() {
    System.setProperty("java.util.logging.manager", Manager.class.getName());
  }

  static void install() {
    Logger root = Logger.getLogger("");
    for (Handler other : root.getHandlers()) {
      root.removeHandler(other);
    }
    Handler handler = new ConsoleHandler();
    handler.setFormatter(new JsonLine());
    handler.setLevel(Level.ALL);
    root.addHandler(handler);
    root.setLevel(Level.INFO);
    Quiet.JETTY.setLevel(Level.WARNING);
  }

  private static final class JsonLine extends Formatter {
    @Override
    public String format(LogRecord event) {
      JsonObject line =
          JsonObject.EMPTY
              .with("time", event.getInstant().toString())
              .with("level", level(event.getLevel()))
              .with("logger", String.valueOf(event.getLoggerName()))
              .with("message", formatMessage(event));
      if (event.getThrown() != null) {
        var stack = new StringWriter();
        event.getThrown().printStackTrace(new PrintWriter(stack));
        line = line.with("stack", stack.toString());
      }
      return Printable.json(Json.text(line)) + "\n";
    }

    private static String level(Level level) {
      int value = level.intValue();
      if (value >= Level.SEVERE.intValue()) {
        return "ERROR";
      }
      return value >= Level.WARNING.intValue()
          ? "WARNING"
          : value >= Level.INFO.intValue() ? "INFO" : "DEBUG";
    }
  }
}
