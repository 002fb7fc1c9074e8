// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.Shape;
import dev.holdfast.aws.sigv4.Authorization;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.aws.sigv4.SignedRequest;
import dev.holdfast.aws.sigv4.SignedRequest.Header;
import dev.holdfast.aws.sigv4.Signer;
import dev.holdfast.iam.control.Quotas;
import dev.holdfast.iam.model.Quota;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Region;
import dev.holdfast.service.Access;
import dev.holdfast.service.AuditEvent;
import dev.holdfast.service.AuditLog;
import dev.holdfast.service.Call;
import dev.holdfast.service.CallRecord;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Guardrails;
import dev.holdfast.service.Operation;
import dev.holdfast.service.Origin;
import dev.holdfast.service.PageTokens;
import dev.holdfast.service.Principal;
import dev.holdfast.service.Profile;
import dev.holdfast.service.RequestId;
import dev.holdfast.service.Seal;
import dev.holdfast.service.State;
import dev.holdfast.service.UnsignedOperation;
import dev.holdfast.store.Database;
import dev.holdfast.store.Tx;
import dev.holdfast.store.memory.MemoryStore;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** An IAM of its own with one account, a clock that is moved by hand, and calls as at the door. */
final class Fixture {
  private static final byte[] BODY = "Action=GetCallerIdentity".getBytes(StandardCharsets.UTF_8);

  private static final AuditLog NO_LOG =
      new AuditLog() {
        @Override
        public void stage(Tx tx, AccountId account, Region region, AuditEvent event) {}

        @Override
        public void append(AccountId account, Region region, AuditEvent event) {}
      };

  Instant now = Instant.parse("2026-11-25T12:00:00Z");
  final RandomGenerator random = new SecureRandom();
  final State state = new State(new Database(new MemoryStore()));

  /** What happens next between a decision and what it lets happen; once. */
  Runnable meanwhile = () -> {};

  /** What identity providers answer. */
  final FakeSites sites = new FakeSites();

  /** What needs the service-linked role. */
  final List<String> inUse = new ArrayList<>();

  final Iam iam;
  final AccountId account;
  final Credentials administratorKey;

  Fixture() {
    this(Profile.STANDARD);
  }

  Fixture(Profile profile) {
    iam = open(profile, (byte) 1);
    var created = iam.accounts().create();
    account = created.account();
    administratorKey = created.credentials();
  }

  /** Another IAM over the same state, as after a restart. */
  Iam open(Profile profile, byte key) {
    byte[] session = new byte[32];
    session[0] = key;
    return Iam.create(
        state,
        new Iam.Keys(session),
        new Guardrails(profile),
        new PageTokens(new Seal(new byte[32], random)),
        new Iam.Neighbours(
            sites, (view, owner, service) -> List.copyOf(inUse), () -> "https://harbour.test"),
        random,
        () -> now);
  }

  Principal administrator() {
    return principal(administratorKey);
  }

  Principal principal(Credentials credentials) {
    return authenticate(signed(credentials, "sts"));
  }

  Principal authenticate(SignedRequest request) {
    return iam.authenticator()
        .authenticate(Authorization.of(request), request, BODY, List.of("sts"), now);
  }

  SignedRequest signed(Credentials credentials, String service) {
    return signed(credentials, "us-east-1", service, now);
  }

  SignedRequest signed(Credentials credentials, String region, String service, Instant at) {
    var bare = new SignedRequest("POST", "/", "", List.of(new Header("Host", "localhost:4566")));
    var headers = new ArrayList<>(bare.headers());
    headers.addAll(Signer.sign(bare, BODY, credentials, region, service, at));
    return new SignedRequest("POST", "/", "", headers);
  }

  Call call(Principal principal, String service) {
    var record = new CallRecord(NO_LOG, "event", service + ".amazonaws.com", "Test");
    return new Call(
        new RequestId("request"),
        principal,
        Region.GLOBAL,
        now,
        new Origin("203.0.113.9", "test", true),
        List.of(),
        record);
  }

  /** A call as the door lets it pass: decided, then handled. */
  <O extends Shape> O call(Principal principal, Shape input, Class<O> output) {
    return output.cast(call(principal, input));
  }

  Shape call(Principal principal, Shape input) {
    for (var service : iam.services()) {
      for (Operation<?, ?> operation : service.operations()) {
        if (operation.model().input().name().equals(input.schema().name())) {
          return run(operation, call(principal, service.model().signingName()), input);
        }
      }
    }
    throw new IllegalArgumentException(input.schema().name());
  }

  /** A call that began earlier, and had to wait. */
  Shape late(Call call, Shape input) {
    for (var service : iam.services()) {
      for (Operation<?, ?> operation : service.operations()) {
        if (operation.model().input().name().equals(input.schema().name())) {
          return run(operation, call, input);
        }
      }
    }
    throw new IllegalArgumentException(input.schema().name());
  }

  /** A call without a signature, as the door lets it pass: proved, decided, then handled. */
  <O extends Shape> O unsigned(Shape input, Class<O> output) {
    for (var service : iam.services()) {
      for (Operation<?, ?> operation : service.operations()) {
        if (operation instanceof UnsignedOperation<?, ?> unsigned
            && operation.model().input().name().equals(input.schema().name())) {
          Principal caller = caller(unsigned, input);
          return output.cast(run(operation, call(caller, service.model().signingName()), input));
        }
      }
    }
    throw new IllegalArgumentException(input.schema().name());
  }

  private <I extends Shape> Principal caller(UnsignedOperation<I, ?> operation, Shape input) {
    return operation.caller(operation.model().inputOf(input), now);
  }

  /** An operation without input, by the administrator. */
  <O extends Shape> O named(String name, Class<O> output) {
    for (var service : iam.services()) {
      for (Operation<?, ?> operation : service.operations()) {
        if (operation.model().name().equals(name)) {
          return output.cast(run(operation, call(administrator(), "iam"), new Empty()));
        }
      }
    }
    throw new IllegalArgumentException(name);
  }

  private <I extends Shape, O extends Shape> O run(
      Operation<I, O> operation, Call call, Shape input) {
    I in = operation.model().inputOf(input);
    iam.guard().require(call, operation.access(call, in));
    Runnable happens = meanwhile;
    meanwhile = () -> {};
    happens.run();
    return operation.handle(call, in);
  }

  Call require(Principal principal, Demand demand) {
    String action = demand.action();
    Call call = call(principal, action.substring(0, action.indexOf(':')));
    iam.guard().require(call, Access.of(demand));
    return call;
  }

  /** The operator sets a quota. */
  void set(Quota quota, int most) {
    Quotas.set(state, call(administrator(), "iam"), quota, most);
  }

  void pass(Duration time) {
    now = now.plus(time);
  }
}
