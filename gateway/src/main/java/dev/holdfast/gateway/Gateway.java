// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.CommonError;
import dev.holdfast.aws.Protocol;
import dev.holdfast.http.Exchange;
import dev.holdfast.http.Exchange.Header;
import dev.holdfast.http.HttpHandler;
import dev.holdfast.service.BodyRoom;
import dev.holdfast.service.Endpoint;
import dev.holdfast.service.Route;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** The one network door: AWS calls, the routes of services, and a health answer. */
public final class Gateway implements HttpHandler {
  private static final String HEALTH = "/_holdfast/health";

  private final AwsCalls calls;
  private final List<Route> routes;
  private final Supplier<Endpoint> endpoint;
  private final Predicate<String> names;
  private final Map<String, HttpHandler> machines;

  /** The door of a platform that listens on loopback alone. */
  public Gateway(AwsCalls calls, List<Route> routes, Supplier<Endpoint> endpoint) {
    this(calls, routes, endpoint, _ -> false, Map.of());
  }

  /**
   * The door of a platform.
   *
   * @param names whether a host and port, in lower case, are what its TLS certificate vouches for
   * @param machines who answers the targets that machines without an access key ask for
   */
  public Gateway(
      AwsCalls calls,
      List<Route> routes,
      Supplier<Endpoint> endpoint,
      Predicate<String> names,
      Map<String, HttpHandler> machines) {
    this.calls = calls;
    this.routes = List.copyOf(routes);
    this.endpoint = endpoint;
    this.names = names;
    this.machines = Map.copyOf(machines);
  }

  /**
   * Finds who answers. There is no number of places here, which strangers could hold: what a
   * request may take before it is known who sent it is bounded in {@link BodyRoom} and by the
   * server, and then by its account's share.
   */
  @Override
  public void handle(Exchange exchange) throws IOException {
    String path = exchange.rawPath();
    if (fromAnotherSite(exchange)) {
      plain(exchange, 403, "this address answers programs, not pages of other sites");
      return;
    }
    if (path.equals(HEALTH)) {
      health(exchange);
      return;
    }
    for (Route route : routes) {
      if (path.startsWith(route.prefix()) || (path + "/").equals(route.prefix())) {
        if (route.published() && !known(exchange)) {
          plain(exchange, 403, "this address answers by its own names only");
        } else {
          route.handler().handle(exchange);
        }
        return;
      }
    }
    if (path.equals("/") || path.isEmpty()) {
      call(exchange);
      return;
    }
    ApiError error =
        CommonError.UNKNOWN_OPERATION.in(Protocol.JSON).because("nothing is served at this path");
    plain(exchange, 404, error.text());
  }

  private void call(Exchange exchange) throws IOException {
    String target = exchange.header("x-amz-target");
    HttpHandler machine = target == null ? null : machines.get(target);
    if (machine == null) {
      calls.handle(exchange, () -> known(exchange));
    } else if (exchange.header("authorization") == null && !known(exchange)) {
      plain(exchange, 403, "this address answers by its own names only");
    } else {
      machine.handle(exchange);
    }
  }

  /** Unsigned, so it answers nobody who came by way of a web page or a rebound name. */
  private void health(Exchange exchange) throws IOException {
    if (!exchange.method().equals("GET") && !exchange.method().equals("HEAD")) {
      plain(exchange, 405, "GET only");
    } else if (!known(exchange)) {
      plain(exchange, 403, "this address answers local programs only");
    } else {
      plain(exchange, 200, "ok");
    }
  }

  /**
   * Whether a browser sends this for a page that is not ours; there are none of ours. Programs send
   * neither field. A password that the browser remembers must not work for such a page.
   *
   * @see <a href="https://www.w3.org/TR/fetch-metadata/">Fetch Metadata Request Headers</a>
   */
  private static boolean fromAnotherSite(Exchange exchange) {
    String site = exchange.header("sec-fetch-site");
    return exchange.header("origin") != null
        || (site != null && !site.equals("none") && !site.equals("same-origin"));
  }

  /** Whether this is a name of this address; a name that was rebound to it is not. */
  private boolean known(Exchange exchange) {
    String host = exchange.header("host");
    if (host == null) {
      return false;
    }
    String asked = host.toLowerCase(Locale.ROOT);
    if (exchange.tls() != null) {
      return names.test(asked);
    }
    String authority = endpoint.get().authority();
    String port = authority.substring(authority.lastIndexOf(':'));
    return List.of(authority, "127.0.0.1" + port, "localhost" + port, "[::1]" + port)
        .contains(asked);
  }

  private static void plain(Exchange exchange, int status, String text) throws IOException {
    exchange.respond(
        status,
        List.of(
            new Header("Content-Type", "text/plain"),
            new Header("X-Content-Type-Options", "nosniff")),
        (text + "\n").getBytes(StandardCharsets.UTF_8));
  }
}
