// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.service.Profile;
import dev.holdfast.trail.Verification;
import dev.holdfast.trail.model.TrailTables;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;

/**
 * The assembled platform over RocksDB as a process of its own, for tests that kill it: no agent,
 * and a line of JSON on its output for each line on its input.
 */
public final class PlatformProcess {
  private PlatformProcess() {}

  /** Arguments: the data directory, and {@code account} where an account is to be made. */
  public static void main(String[] arguments) throws IOException {
    Logging.install();
    Path dir = Path.of(arguments[0]);
    var random = new SecureRandom();
    Installation installation = Installation.open(dir, Profile.DEV, null, random);
    try (Foundation foundation =
        Foundation.open(
            dir, installation, random, InstantSource.system(), _ -> Runtime.getRuntime().halt(1))) {
      installation.confirm(foundation.state());
      var settings = new Platform.Settings(dir, InetAddress.getLoopbackAddress(), 0);
      try (Platform platform = Platform.start(foundation, installation, settings)) {
        JsonObject ready = JsonObject.EMPTY.with("url", platform.endpoint().url());
        if (List.of(arguments).contains("account")) {
          var made = platform.iam().accounts().create();
          ready =
              ready
                  .with("account", made.account().digits())
                  .with("key", made.credentials().accessKeyId())
                  .with("secret", made.credentials().secretAccessKey());
        }
        answer(ready);
        serve(foundation, platform);
      }
    }
  }

  private static void serve(Foundation foundation, Platform platform) throws IOException {
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      switch (line) {
        case "verify" -> {
          Verification found = platform.trail().verify();
          answer(
              JsonObject.EMPTY
                  .with("ok", new JsonValue.JsonBool(found.ok()))
                  .with("text", found.text()));
        }
        case "changes" -> answer(JsonObject.EMPTY.with("events", changes(foundation)));
        default -> throw new IllegalArgumentException(line);
      }
    }
  }

  /** The name and the input of every call that the trail says changed something. */
  private static JsonArray changes(Foundation foundation) {
    List<TrailTables.Row> rows = foundation.state().read(view -> view.all(TrailTables.EVENTS));
    return JsonArray.ofStrings(
        rows.stream()
            .map(row -> row.event())
            .filter(event -> !event.readOnly() && event.document().string("errorCode") == null)
            .map(
                event ->
                    event.name() + " " + Json.text(event.document().object("requestParameters")))
            .toList());
  }

  private static void answer(JsonObject line) {
    var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    out.println(Json.text(line));
  }
}
