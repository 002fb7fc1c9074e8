// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.endpoint;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import dev.holdfast.aws.sigv4.Authorization;
import dev.holdfast.aws.sigv4.SignatureFault;
import dev.holdfast.aws.sigv4.SignedRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Takes a signed AWS call from a container to the platform and its answer back, both unchanged: the
 * {@code Host} that the container signed, 169.254.170.2, stays. Calls without a signature are not
 * taken, not even those that AWS takes ({@code AssumeRoleWithWebIdentity}: a task has a role), nor
 * is anything that is no AWS call: agents' streams, the registry, the platform's own pages. Nothing
 * of the host's own rights goes with a call.
 *
 * <p>What containers send is kept in the agent's memory until it is whole, so that a slow one holds
 * no place at the platform; how much that may be is bounded for each task and for all together.
 */
public final class PlatformForward {
  /** The platform takes no more, see the gateway. */
  private static final int MAX_BODY = 2 * 1024 * 1024;

  /** Most calls are smaller, and none of these waits for a large one. */
  private static final int SMALL = 16 * 1024;

  /** Answers up to this are read before they are passed on. */
  private static final int WHOLE_ANSWER = 256 * 1024;

  private static final int KIB = 1024;
  private static final int ALL_TASKS_KIB = 32 * 1024;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** What one task may have under way: so many calls, and so much of large ones. */
  record Share(Room calls, Room kib) {
    static Share fresh() {
      return new Share(new Room(16), new Room(8 * 1024));
    }
  }

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
  private final Room kib = new Room(ALL_TASKS_KIB);

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

  /**
   * A client that may send the {@code Host} it is given; the first of the process must be this.
   *
   * @param tls whom it trusts; null over plain HTTP
   */
  public static HttpClient httpClient(@Nullable SSLContext tls) {
    return builder(tls).build();
  }

  /**
   * The client for calls of tasks. Where the platform is on this machine they come from 127.0.0.2,
   * so that no condition on {@code aws:SourceIp} takes a task for a user of the machine, and the
   * audit tells them apart.
   */
  public static HttpClient clientOfTasks(URI platform, @Nullable SSLContext tls)
      throws IOException {
    HttpClient.Builder builder = builder(tls);
    return "127.0.0.1".equals(platform.getHost())
        ? builder.localAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 2})).build()
        : builder.build();
  }

  private static HttpClient.Builder builder(@Nullable SSLContext tls) {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(Duration.ofSeconds(10));
    return tls == null ? builder : builder.sslContext(tls);
  }

  /**
   * Whether a call says of a signature, in its headers or its query, all that the platform asks
   * for; it alone can tell whether the signature is good. Read by the platform's own reader, so
   * that nothing that is unsigned there is signed here.
   */
  static boolean isSigned(HttpExchange exchange) {
    String query = exchange.getRequestURI().getRawQuery();
    var headers = new ArrayList<SignedRequest.Header>();
    exchange
        .getRequestHeaders()
        .forEach((n, values) -> values.forEach(v -> headers.add(new SignedRequest.Header(n, v))));
    var request =
        new SignedRequest(
            exchange.getRequestMethod(),
            exchange.getRequestURI().getRawPath(),
            query == null ? "" : query,
            headers);
    try {
      Authorization _ = Authorization.of(request);
      return true;
    } catch (SignatureFault _) {
      return false;
    }
  }

  void forward(HttpExchange exchange, Share share) throws IOException {
    if (!"/".equals(exchange.getRequestURI().getRawPath())) {
      Answers.json(
          exchange, 404, Answers.error("UnknownOperationException", "only AWS calls go further"));
      return;
    }
    long announced = announced(exchange.getRequestHeaders());
    if (announced > MAX_BODY) {
      tooLarge(exchange);
      return;
    }
    int large = announced <= SMALL ? 0 : (int) ((announced + KIB - 1) / KIB);
    try (var own = share.kib().take(large);
        var call = own == null ? null : share.calls().take(1);
        var all = call == null ? null : kib.take(large)) {
      if (all == null) {
        Answers.json(
            exchange,
            503,
            Answers.error("SlowDown", "too many calls of this task are under way; try again"));
        return;
      }
      byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY + 1);
      if (body.length > MAX_BODY) {
        tooLarge(exchange);
        return;
      }
      send(exchange, body);
    }
  }

  /** How long a body will be: as announced, or as long as any may be. */
  private static long announced(Headers headers) {
    String length = headers.getFirst("Content-Length");
    boolean chunked = headers.getFirst("Transfer-Encoding") != null;
    if (length == null || chunked) {
      return chunked ? MAX_BODY : 0;
    }
    return length.matches("[0-9]{1,9}") ? Long.parseLong(length) : Long.MAX_VALUE;
  }

  private static void tooLarge(HttpExchange exchange) throws IOException {
    Answers.json(exchange, 413, Answers.error("RequestEntityTooLarge", "the body is too large"));
  }

  private HttpRequest onward(HttpExchange exchange, byte[] body) {
    String query = exchange.getRequestURI().getRawQuery();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(platform.resolve(query == null ? "/" : "/?" + query))
            .version(HttpClient.Version.HTTP_1_1)
            .timeout(PATIENCE)
            .method(
                exchange.getRequestMethod(),
                body.length == 0
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(body));
    copy(exchange.getRequestHeaders(), request);
    return request.build();
  }

  private void send(HttpExchange exchange, byte[] body) throws IOException {
    HttpRequest onward;
    try {
      onward = onward(exchange, body);
    } catch (IllegalArgumentException _) {
      // What it says quotes the header or the address, with the token in it; nobody is told.
      Answers.json(
          exchange,
          400,
          Answers.error("MalformedHttpRequestException", "no request that HTTP knows"));
      return;
    }
    HttpResponse<InputStream> response;
    try {
      response = client.send(onward, HttpResponse.BodyHandlers.ofInputStream());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while forwarding");
    } catch (IOException e) {
      Answers.json(
          exchange, 503, Answers.error("ServiceUnavailable", "the platform does not answer"));
      return;
    }
    answer(exchange, response);
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
    try (InputStream in = response.body()) {
      byte[] start = in.readNBytes(WHOLE_ANSWER + 1);
      if (start.length <= WHOLE_ANSWER) {
        exchange.sendResponseHeaders(response.statusCode(), start.length == 0 ? -1 : start.length);
        exchange.getResponseBody().write(start);
        return;
      }
      long length = response.headers().firstValueAsLong("content-length").orElse(0);
      exchange.sendResponseHeaders(response.statusCode(), length);
      exchange.getResponseBody().write(start);
      in.transferTo(exchange.getResponseBody());
    }
  }
}
