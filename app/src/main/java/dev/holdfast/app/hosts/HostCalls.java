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

/**
 * What hosts ask at the TLS door, as calls that the installation's audit records. Nobody has signed
 * them: whose they are is in the name of the session, {@code stranger} until it is known.
 */
record HostCalls(AuditLog log, AccountId account, RandomGenerator random, InstantSource clock) {
  static final String SOURCE = "holdfast.internal";
  static final String STRANGER = "stranger";
  private static final String ROLE = "HoldfastHost";
  private static final int LONGEST_AGENT = 200;

  /** A request's call. */
  Call call(Exchange exchange, String who, String event, JsonObject parameters) {
    String agent = exchange.header("user-agent");
    return call(
        address(exchange),
        agent == null ? "" : Printable.clipped(agent, LONGEST_AGENT),
        who,
        event,
        parameters);
  }

  /** The call of somebody who was refused before a request came. */
  Call call(String address, String userAgent, String who, String event, JsonObject parameters) {
    Instant now = clock.instant();
    var identity =
        new Principal.Identity(
            Principal.Kind.ROLE,
            account,
            "AROAHOLDFASTHOST",
            ROLE,
            Arn.global("iam", account, "role/" + ROLE));
    var session =
        new Principal.Session(
            Ids.hex(random, 16), who, now, now.plusSeconds(60), null, null, Map.of(), null, false);
    var record = new CallRecord(log, Ids.timedUuid(now, random), SOURCE, event);
    record.parameters(parameters);
    return new Call(
        new RequestId(Ids.uuid(random)),
        new Principal(identity, "", Map.of(), session),
        Region.GLOBAL,
        now,
        new Origin(address, userAgent, true),
        List.of(),
        record);
  }

  static String address(Exchange exchange) {
    return exchange.remote() instanceof InetSocketAddress socket
        ? socket.getAddress().getHostAddress()
        : "";
  }
}
