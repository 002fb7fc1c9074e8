// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import dev.holdfast.http.Exchange;
import dev.holdfast.http.HttpHandler;
import dev.holdfast.http.HttpServer;
import dev.holdfast.service.Endpoint;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The network address, taken before anything else is built: what services say about themselves
 * depends on it. Until the gateway stands, it answers that the platform is starting.
 */
final class FrontDoor implements HttpHandler, AutoCloseable {
  private final AtomicReference<HttpHandler> gateway = new AtomicReference<>(FrontDoor::starting);
  private final HttpServer server;
  private final Endpoint endpoint;

  private FrontDoor(InetSocketAddress bind) throws IOException {
    server = HttpServer.start(bind, this);
    InetSocketAddress address = server.address();
    String host = address.getAddress().getHostAddress();
    endpoint =
        new Endpoint(
            "http", (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort());
  }

  static FrontDoor take(InetSocketAddress bind) throws IOException {
    return new FrontDoor(bind);
  }

  Endpoint endpoint() {
    return endpoint;
  }

  int port() {
    return server.address().getPort();
  }

  /** From now on the gateway answers. */
  void open(HttpHandler handler) {
    gateway.set(handler);
  }

  @Override
  public void handle(Exchange exchange) throws IOException {
    gateway.get().handle(exchange);
  }

  private static void starting(Exchange exchange) throws IOException {
    exchange.respond(
        503,
        List.of(new Exchange.Header("Retry-After", "1")),
        "the platform is starting\n".getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    server.close();
  }
}
