// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway;

import dev.holdfast.aws.Protocol;
import dev.holdfast.aws.sigv4.Authorization;
import dev.holdfast.aws.sigv4.SignatureFault;
import dev.holdfast.aws.sigv4.SignedRequest;
import dev.holdfast.http.Exchange;
import dev.holdfast.kit.Ids;
import dev.holdfast.kit.Region;
import dev.holdfast.service.AuditLog;
import dev.holdfast.service.Call;
import dev.holdfast.service.CallRecord;
import dev.holdfast.service.Door;
import dev.holdfast.service.Principal;
import dev.holdfast.service.RequestId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Opens calls for signed requests without a body that are no AWS operation. */
public final class SignedDoor implements Door {
  /** Says who a principal is at a later time; empty where its credentials hold no more. */
  public interface Renewal {
    Optional<Principal> current(Principal earlier, Instant now);
  }

  private final AwsCalls.Authenticator authenticator;
  private final Renewal renewal;
  private final AuditLog audit;
  private final InstantSource clock;
  private final RandomGenerator random;

  public SignedDoor(
      AwsCalls.Authenticator authenticator,
      Renewal renewal,
      AuditLog audit,
      InstantSource clock,
      RandomGenerator random) {
    this.authenticator = authenticator;
    this.renewal = renewal;
    this.audit = audit;
    this.clock = clock;
    this.random = random;
  }

  @Override
  public Call authenticate(Exchange exchange, String service, String event) {
    Instant now = clock.instant();
    SignedRequest request = Requests.signed(exchange);
    try {
      if (Requests.announcesBody(exchange)) {
        throw SignatureFault.wrong("a body was sent where none is signed");
      }
      Principal principal =
          authenticator.authenticate(
              Authorization.of(request), request, new byte[0], List.of(service), now);
      return new Call(
          new RequestId(Ids.uuid(random)),
          principal,
          new Region(Authorization.of(request).scope().region()),
          now,
          Requests.origin(exchange),
          List.of(),
          new CallRecord(audit, Ids.timedUuid(now, random), service + ".amazonaws.com", event));
    } catch (SignatureFault e) {
      throw e.in(Protocol.JSON);
    }
  }

  @Override
  public Optional<Call> again(Call earlier, Instant at) {
    return renewal
        .current(earlier.principal(), at)
        .map(
            today ->
                new Call(
                    earlier.id(),
                    today,
                    earlier.region(),
                    at,
                    earlier.origin(),
                    earlier.via(),
                    earlier.record()));
  }
}
