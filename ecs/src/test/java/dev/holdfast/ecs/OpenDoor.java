// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs;

import dev.holdfast.http.Exchange;
import dev.holdfast.http.HttpServer;
import dev.holdfast.service.Call;
import dev.holdfast.service.Door;
import dev.holdfast.service.Principal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A door that believes whoever a request says it is, until a test takes the key away. */
final class OpenDoor implements Door {
  /** The names whose keys are gone. */
  final Set<String> gone = ConcurrentHashMap.newKeySet();

  private final Map<Principal, String> names = new ConcurrentHashMap<>();
  private final Map<String, Principal> known = new ConcurrentHashMap<>();
  private final Fixture f;

  OpenDoor(Fixture f) {
    this.f = f;
    know("host", Fixture.host());
    know("user", Fixture.user());
  }

  void know(String name, Principal principal) {
    known.put(name, principal);
    names.put(principal, name);
  }

  @Override
  public Call authenticate(Exchange exchange, String service, String event) {
    String name = String.valueOf(exchange.header("X-Principal"));
    return f.call(known.getOrDefault(name, Fixture.user()), event);
  }

  @Override
  public Optional<Call> again(Call earlier, Instant at) {
    String name = names.getOrDefault(earlier.principal(), "");
    return gone.contains(name) ? Optional.empty() : Optional.of(earlier);
  }

  /** The streams of agents and clients behind this door, on a port of its own. */
  HttpServer serve() throws IOException {
    var routes = f.ecs.routes(this);
    return HttpServer.start(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        exchange -> {
          for (var route : routes) {
            if (exchange.rawPath().startsWith(route.prefix())) {
              route.handler().handle(exchange);
            }
          }
        });
  }
}
