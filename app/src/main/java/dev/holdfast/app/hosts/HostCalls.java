// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.hosts;

import dev.holdfast.http.Exchange;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.Ids;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.Printable;
import dev.holdfast.kit.Region;
import dev.holdfast.service.AuditLog;
import dev.holdfast.service.Call;
import dev.holdfast.service.CallRecord;
import dev.holdfast.service.Origin;
import dev.holdfast.service.Principal;
import dev.holdfast.service.RequestId;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What hosts ask at the TLS door, as calls that the installation's audit records. Nobody has signed
 * them: whose they are is in the name of the session, {@code stranger} until it is known.
 */
record HostCalls(AuditLog log, AccountId account, RandomGenerator random, InstantSource clock) {
  static final String SOURCE = "holdfast.internal";
  private static final String SSM = "ssm.amazonaws.com";
  static final String STRANGER = "stranger";
  private static final String ROLE = "HoldfastHost";
  private static final int LONGEST_AGENT = 200;

  /** A request's call. */
  Call call(Exchange exchange, String who, String event, JsonObject parameters) {
    return call(address(exchange), agent(exchange), who, event, parameters);
  }

  /** The call of somebody who was refused before a request came. */
  Call call(String address, String userAgent, String who, String event, JsonObject parameters) {
    var origin = new Origin(address, userAgent, true);
    Call call = call(requestId(), principal(who), Region.GLOBAL, origin, SOURCE, event);
    call.record().parameters(parameters);
    return call;
  }

  /**
   * The call of a machine to Systems Manager.
   *
   * @param id that the answer has too
   * @param identity the machine's role, or null where it is not known whose it is
   */
  Call call(
      RequestId id,
      Exchange exchange,
      Principal.@Nullable Identity identity,
      Region region,
      String who,
      String event) {
    Principal principal =
        identity == null ? principal(who) : new Principal(identity, "", Map.of(), session(who));
    return call(id, exchange, principal, region, event);
  }

  /** The call of a machine that has signed with an access key. */
  Call call(RequestId id, Exchange exchange, Principal principal, Region region, String event) {
    var origin = new Origin(address(exchange), agent(exchange), true);
    return call(id, principal, region, origin, SSM, event);
  }

  RequestId requestId() {
    return new RequestId(Ids.uuid(random));
  }

  private Call call(
      RequestId id,
      Principal principal,
      Region region,
      Origin origin,
      String source,
      String event) {
    Instant now = clock.instant();
    return new Call(
        id,
        principal,
        region,
        now,
        origin,
        List.of(),
        new CallRecord(log, Ids.timedUuid(now, random), source, event));
  }

  private static String agent(Exchange exchange) {
    String agent = exchange.header("user-agent");
    return agent == null ? "" : Printable.clipped(agent, LONGEST_AGENT);
  }

  private Principal principal(String who) {
    var identity =
        new Principal.Identity(
            Principal.Kind.ROLE,
            account,
            "AROAHOLDFASTHOST",
            ROLE,
            Arn.global("iam", account, "role/" + ROLE));
    return new Principal(identity, "", Map.of(), session(who));
  }

  private Principal.Session session(String who) {
    Instant now = clock.instant();
    return new Principal.Session(
        Ids.hex(random, 16), who, now, now.plusSeconds(60), null, null, Map.of(), null, false);
  }

  static String address(Exchange exchange) {
    return exchange.remote() instanceof InetSocketAddress socket
        ? socket.getAddress().getHostAddress()
        : "";
  }
}
