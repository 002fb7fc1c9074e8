// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.Shape;
import dev.holdfast.aws.iam.CreateUserRequest;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.PutUserPolicyRequest;
import dev.holdfast.aws.iam.Tag;
import dev.holdfast.aws.iam.User;
import dev.holdfast.iam.Iam;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.Region;
import dev.holdfast.service.ApiService;
import dev.holdfast.service.AuditEvent;
import dev.holdfast.service.AuditLog;
import dev.holdfast.service.Call;
import dev.holdfast.service.CallRecord;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Guard;
import dev.holdfast.service.Guardrails;
import dev.holdfast.service.Operation;
import dev.holdfast.service.Origin;
import dev.holdfast.service.PageTokens;
import dev.holdfast.service.Principal;
import dev.holdfast.service.Profile;
import dev.holdfast.service.RequestId;
import dev.holdfast.service.Seal;
import dev.holdfast.service.State;
import dev.holdfast.store.Database;
import dev.holdfast.store.Store;
import dev.holdfast.store.Tx;
import dev.holdfast.store.memory.MemoryStore;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** A platform in memory with KMS on it, and a door that asks, handles and records. */
public final class World implements AuditLog {
  public static final AccountId SHOP = new AccountId("111122223333");
  public static final AccountId BANK = new AccountId("444455556666");
  public static final Region REGION = new Region("eu-central-1");

  /** The identity policy of somebody who may do anything that no resource forbids. */
  public static final String ANYTHING =
      "{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}";

  public final MemoryStore store;
  public final State state;
  private final Iam iam;
  private final Guard guard;
  private final List<Demand> asked = new ArrayList<>();
  public final SecureRandom random = new SecureRandom();
  public final PageTokens pages = new PageTokens(new Seal(new byte[32], random));
  public final Wrapper keyring;
  public final Kms kms;
  public final List<AuditEvent> events = new ArrayList<>();
  private final List<ApiService> services = new ArrayList<>();
  private Instant now = Instant.parse("2026-03-01T12:00:00Z");
  private int calls;

  public World(Profile profile) {
    this(profile, new MemoryStore(), new TestKeyring(new SecureRandom()), inner -> inner);
  }

  /**
   * A platform on what another one left.
   *
   * @param over what stands between the platform and its store
   */
  World(Profile profile, MemoryStore store, Wrapper keyring, UnaryOperator<Store> over) {
    this.store = store;
    this.state = new State(new Database(over.apply(store)));
    this.keyring = keyring;
    iam =
        Iam.create(
            state, new Iam.Keys(new byte[32]), new Guardrails(profile), pages, random, () -> now);
    guard =
        (call, access) -> {
          asked.addAll(access.demands());
          iam.guard().require(call, access);
        };
    kms = Kms.create(new Kms.Needs(state, keyring, guard, this, pages, random, Iam::uniqueId));
    iam.services().forEach(this::serve);
    serve(kms.service());
    iam.accounts().ensureLocal(SHOP);
    iam.accounts().ensureLocal(BANK);
  }

  public Guard guard() {
    return guard;
  }

  /** Every demand so far, granted or not. */
  public List<Demand> asked() {
    return List.copyOf(asked);
  }

  public void serve(ApiService service) {
    services.add(service);
  }

  public void pass(Duration time) {
    now = now.plus(time);
  }

  public Instant now() {
    return now;
  }

  /** A user whose identity policy has these statements. */
  public Principal user(AccountId account, String name, String statements) {
    return user(account, name, statements, Map.of());
  }

  public Principal user(
      AccountId account, String name, String statements, Map<String, String> tags) {
    Principal root = root(account);
    User made =
        Objects.requireNonNull(
            call(
                    root,
                    IamModel.CREATE_USER,
                    CreateUserRequest.builder()
                        .userName(name)
                        .tags(
                            tags.entrySet().stream()
                                .map(tag -> new Tag(tag.getKey(), tag.getValue()))
                                .toList())
                        .build())
                .user());
    if (!statements.isEmpty()) {
      call(
          root,
          IamModel.PUT_USER_POLICY,
          PutUserPolicyRequest.builder()
              .userName(name)
              .policyName("rights")
              .policyDocument("{\"Version\":\"2012-10-17\",\"Statement\":[" + statements + "]}")
              .build());
    }
    Arn arn = Arn.global("iam", account, "user/" + name);
    return new Principal(
        new Principal.Identity(
            Principal.Kind.USER, account, Objects.requireNonNull(made.userId()), name, arn),
        "AKIA" + name,
        tags,
        null);
  }

  static Principal root(AccountId account) {
    return new Principal(
        new Principal.Identity(
            Principal.Kind.ROOT,
            account,
            account.digits(),
            "root",
            Arn.global("iam", account, "root")),
        "AKIAROOT",
        Map.of(),
        null);
  }

  public Call call(Principal principal, String name) {
    calls++;
    return new Call(
        new RequestId("request-" + calls),
        principal,
        REGION,
        now,
        new Origin("192.0.2.1", "test", true),
        List.of(),
        new CallRecord(this, "event-" + calls, "test.amazonaws.com", name));
  }

  /** One call through the door. */
  public <I extends Shape, O extends Shape> O call(
      Principal principal, OperationModel<I, O> model, I input) {
    Operation<I, O> operation = operation(model);
    Call call = call(principal, model.name());
    call.record().input(input);
    if (operation.data()) {
      call.record().data();
    }
    try {
      guard.require(call, operation.access(call, input));
      O output = operation.handle(call, input);
      call.record().end(call, null);
      return output;
    } catch (ApiError e) {
      call.record().end(call, e);
      throw e;
    }
  }

  @SuppressWarnings("unchecked")
  private <I extends Shape, O extends Shape> Operation<I, O> operation(OperationModel<I, O> model) {
    return services.stream()
        .flatMap(service -> service.operations().stream())
        .filter(operation -> operation.model().equals(model))
        .map(operation -> (Operation<I, O>) operation)
        .findFirst()
        .orElseThrow();
  }

  @Override
  public void stage(Tx tx, AccountId account, Region region, AuditEvent event) {
    events.add(event);
  }

  @Override
  public void append(AccountId account, Region region, AuditEvent event) {
    events.add(event);
  }

  /** AES-GCM under one key. */
  private record TestKeyring(SecretKeySpec key, SecureRandom random) implements Wrapper {
    private TestKeyring(SecureRandom random) {
      this(new SecretKeySpec(random.generateSeed(32), "AES"), random);
    }

    @Override
    public byte[] wrap(byte[] plain, byte[] aad) {
      byte[] iv = new byte[12];
      random.nextBytes(iv);
      byte[] sealed = crypt(Cipher.ENCRYPT_MODE, iv, aad, plain);
      byte[] all = Arrays.copyOf(iv, 12 + sealed.length);
      System.arraycopy(sealed, 0, all, 12, sealed.length);
      return all;
    }

    @Override
    public byte[] unwrap(byte[] wrapped, byte[] aad) {
      return crypt(
          Cipher.DECRYPT_MODE,
          Arrays.copyOf(wrapped, 12),
          aad,
          Arrays.copyOfRange(wrapped, 12, wrapped.length));
    }

    private byte[] crypt(int mode, byte[] iv, byte[] aad, byte[] text) {
      try {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(128, iv));
        cipher.updateAAD(aad);
        return cipher.doFinal(text);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
