// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli;

import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The installation that a command speaks to, shared by all subcommands. */
public final class Target {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "The installation's data directory (default: the user's data folder).")
  @Nullable Path named;

  @Option(names = "--help", usageHelp = true, description = "Show this text.")
  boolean help;

  DataDir dataDir() {
    return DataDir.of(named, System.getenv());
  }

  /** The option that names this installation in a command to be typed; empty for the default. */
  public String option() {
    return named == null ? "" : " --data-dir " + Shell.quote(named.toString());
  }

  public AdminClient client() {
    return new AdminClient(dataDir().adminSocket(), PATIENCE);
  }

  /** Whether the operator's socket is there, and lets this user in. */
  boolean reached() {
    return client().connects();
  }

  /** GETs and returns the object of a 200. */
  public JsonObject get(String path) {
    return settled(() -> client().get(path));
  }

  /** POSTs and returns the object of a 200. */
  public JsonObject post(String path, JsonObject body) {
    return settled(() -> client().post(path, body));
  }

  /** Streams the body of a 200 to {@code out}. */
  void stream(String path, OutputStream out) {
    settled(() -> client().stream(path, out).status() == 200 ? DONE : client().get(path));
  }

  private static final AdminClient.Answer DONE = new AdminClient.Answer(200, "");

  /** One exchange with the admin socket. */
  interface Exchange {
    AdminClient.Answer run() throws IOException;
  }

  private JsonObject settled(Exchange exchange) {
    AdminClient.Answer answer = answer(exchange);
    if (answer.status() != 200) {
      String message = answer.json().string("message");
      throw new CliFailure(message == null ? "the platform answered " + answer.status() : message);
    }
    return answer.json();
  }

  /** Runs an exchange; a socket that nobody serves becomes a failure that says what to type. */
  AdminClient.Answer answer(Exchange exchange) {
    try {
      return exchange.run();
    } catch (IOException e) {
      throw new CliFailure(
          "no platform answers at "
              + dataDir().path()
              + " ("
              + e.getMessage()
              + "); start it with: ./holdfast up --detach"
              + option());
    }
  }
}
