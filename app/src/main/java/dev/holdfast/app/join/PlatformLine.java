// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.join;

import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import javax.net.ssl.SSLContext;

/** The requests of a machine to its platform, over TLS. */
final class PlatformLine {
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int MOST = 256 * 1024;
  private static final int LONGEST = 300;

  /** Thrown where the platform answered, and refused. */
  static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final int status;

    Refused(int status, String why) {
      super(why);
      this.status = status;
    }

    /**
     * Whether this host was removed. Anything else may pass: a clock, a restore, too many calls.
     */
    boolean removed() {
      return status == 410;
    }
  }

  private final String platform;
  private final HttpClient client;

  /**
   * A line to a platform.
   *
   * @param platform host and port
   */
  PlatformLine(String platform, SSLContext context) {
    this.platform = platform;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT)
            .sslContext(context)
            .build();
  }

  /**
   * Asks.
   *
   * @param what {@code join}, {@code session} or {@code certificate}
   * @throws Refused where the platform refuses
   * @throws IOException where it does not answer, or is not the one that was expected
   */
  JsonObject ask(String what, JsonObject said) throws IOException {
    var request =
        HttpRequest.newBuilder(URI.create("https://" + platform + "/_holdfast/hosts/" + what))
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(said)))
            .build();
    try {
      HttpResponse<InputStream> response =
          client.send(request, HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = response.body()) {
        return answer(response.statusCode(), body.readNBytes(MOST));
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while asking the platform");
    }
  }

  private static JsonObject answer(int status, byte[] body) throws IOException {
    JsonObject said;
    try {
      said = Json.parseObject(body);
    } catch (Json.MalformedJson e) {
      throw new IOException("the platform answered " + status + " and nothing that is understood");
    }
    if (status != 200) {
      String why = said.string("message");
      throw new Refused(
          status,
          Printable.clipped(why == null ? "the platform answered " + status : why, LONGEST));
    }
    return said;
  }
}
