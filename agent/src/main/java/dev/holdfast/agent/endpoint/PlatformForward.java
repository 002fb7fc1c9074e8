// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.endpoint;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Takes a signed AWS call from a container to the platform and its answer back, both unchanged: the
 * {@code Host} that the container signed, 169.254.170.2, stays. Calls without a signature are not
 * taken.
 */
public final class PlatformForward {
  /** As much as the platform takes. */
  static final int MAX_BODY = 2 * 1024 * 1024;

  /** A body of more bytes needs a place of its own. */
  private static final int LARGE = 64 * 1024;

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** Headers of one connection (RFC 9110, section 7.6.1), and those the client writes itself. */
  private static final Set<String> HOP =
      Set.of(
          "connection",
          "content-length",
          "expect",
          "host",
          "keep-alive",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          ":status");

  static {
    // The signature covers the Host header, so it must go on as it came.
    System.setProperty("jdk.httpclient.allowRestrictedHeaders", "host");
  }

  private final URI platform;
  private final HttpClient client;

  /**
   * Makes the forward.
   *
   * @param platform scheme, host and port of the platform's API
   * @param client without redirects; trusts the platform's certificate
   */
  public PlatformForward(URI platform, HttpClient client) {
    this.platform = platform;
    this.client = client;
  }

  /** A client that may send the {@code Host} it is given; the first of the process must be this. */
  public static HttpClient httpClient() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .followRedirects(HttpClient.Redirect.NEVER)
        .connectTimeout(Duration.ofSeconds(10))
        .build();
  }

  /** Whether a call carries a signature, in its headers or its query. */
  static boolean isSigned(HttpExchange exchange) {
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    String query = exchange.getRequestURI().getRawQuery();
    return (authorization != null && authorization.startsWith("AWS4-HMAC-SHA256 "))
        || (query != null && query.contains("X-Amz-Signature="));
  }

  void forward(HttpExchange exchange, TaskGate gate) throws IOException {
    byte[] start = exchange.getRequestBody().readNBytes(LARGE + 1);
    if (start.length <= LARGE) {
      forward(exchange, start);
      return;
    }
    try (TaskGate.Place place = gate.large().orElse(null)) {
      if (place == null) {
        Answers.throttled(exchange);
        return;
      }
      byte[] rest = exchange.getRequestBody().readNBytes(MAX_BODY + 1 - start.length);
      if (start.length + rest.length > MAX_BODY) {
        Answers.json(
            exchange, 413, Answers.error("RequestEntityTooLarge", "the body is too large"));
        return;
      }
      byte[] body = Arrays.copyOf(start, start.length + rest.length);
      System.arraycopy(rest, 0, body, start.length, rest.length);
      forward(exchange, body);
    }
  }

  private void forward(HttpExchange exchange, byte[] body) throws IOException {
    URI asked = exchange.getRequestURI();
    String target =
        asked.getRawPath() + (asked.getRawQuery() == null ? "" : "?" + asked.getRawQuery());
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(platform.toString() + target))
            .version(HttpClient.Version.HTTP_1_1)
            .timeout(PATIENCE)
            .method(
                exchange.getRequestMethod(),
                body.length == 0
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(body));
    copy(exchange.getRequestHeaders(), request);
    try {
      HttpResponse<InputStream> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
      answer(exchange, response);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while forwarding");
    } catch (IOException e) {
      Answers.json(
          exchange, 503, Answers.error("ServiceUnavailable", "the platform does not answer"));
    }
  }

  private static void copy(Headers headers, HttpRequest.Builder request) {
    String host = headers.getFirst("Host");
    if (host != null) {
      request.header("Host", host);
    }
    for (Map.Entry<String, List<String>> header : headers.entrySet()) {
      if (!HOP.contains(header.getKey().toLowerCase(Locale.ROOT))) {
        header.getValue().forEach(value -> request.header(header.getKey(), value));
      }
    }
  }

  private static void answer(HttpExchange exchange, HttpResponse<InputStream> response)
      throws IOException {
    response
        .headers()
        .map()
        .forEach(
            (name, values) -> {
              if (!HOP.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> exchange.getResponseHeaders().add(name, value));
              }
            });
    boolean silent = exchange.getRequestMethod().equals("HEAD");
    long length = response.headers().firstValueAsLong("content-length").orElse(0);
    boolean chunked = response.headers().firstValue("transfer-encoding").isPresent();
    try (InputStream in = response.body()) {
      // To the server, -1 means that there is no body, and 0 that nobody knows its length.
      exchange.sendResponseHeaders(
          response.statusCode(), chunked && !silent ? 0 : length == 0 || silent ? -1 : length);
      in.transferTo(exchange.getResponseBody());
    }
  }
}
