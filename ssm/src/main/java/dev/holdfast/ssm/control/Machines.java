// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ssm.control;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.CommonError;
import dev.holdfast.aws.ErrorShape;
import dev.holdfast.aws.Protocol;
import dev.holdfast.aws.sigv4.RsaSignature;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.Ids;
import dev.holdfast.service.Call;
import dev.holdfast.service.Principal;
import dev.holdfast.service.State;
import dev.holdfast.service.Tags;
import dev.holdfast.ssm.model.Activation;
import dev.holdfast.ssm.model.ManagedInstance;
import dev.holdfast.ssm.model.ManagedInstance.Opened;
import dev.holdfast.ssm.model.ManagedInstance.Proof;
import dev.holdfast.ssm.model.ManagedTables;
import dev.holdfast.ssm.port.MachineRoles;
import dev.holdfast.store.Tx;
import dev.holdfast.store.View;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What the agent of a machine asks with no access key: to be registered, with a code, and then for
 * credentials of its role, with its own key. Codes and fingerprints are compared in constant time.
 */
public final class Machines {
  private static final ErrorShape ACTIVATION_EXPIRED = new ErrorShape("ActivationExpired", 400);
  private static final ErrorShape LIMIT = new ErrorShape("RegistrationLimitExceeded", 400);
  private static final ErrorShape PUBLIC_KEY = new ErrorShape("InvalidPublicKey", 400);
  private static final ErrorShape KEY_TAKEN = new ErrorShape("PublicKeyAlreadyRegistered", 400);
  private static final ErrorShape REGISTERED = new ErrorShape("InstanceAlreadyRegistered", 400);
  private static final ErrorShape OTHER_MACHINE =
      new ErrorShape("MachineFingerprintDoesNotMatch", 400);
  private static final ErrorShape NO_INSTANCE = new ErrorShape("InvalidInstanceId", 400);
  private static final ErrorShape NO_ACTIVATION = new ErrorShape("InvalidActivation", 400);
  private static final int LONGEST_FINGERPRINT = 256;
  private static final int ID_BYTES = 9;
  private static final int ID_DIGITS = 17;

  private final State state;
  private final MachineRoles roles;
  private final RandomGenerator random;

  public Machines(State state, MachineRoles roles, RandomGenerator random) {
    this.state = state;
    this.roles = roles;
    this.random = random;
  }

  /** What a machine says of itself to be registered. */
  public record Claim(@Nullable String code, String publicKey, String keyType, String fingerprint) {
    @Override
    public String toString() {
      return "Claim[" + keyType + "]";
    }
  }

  /** The activation of an id, in whatever account. */
  public Optional<Activation> activation(String id) {
    return found(id, ManagedTables::activation);
  }

  /** The machine of an id, in whatever account. */
  public Optional<ManagedInstance> instance(String id) {
    return found(id, ManagedTables::instance);
  }

  private interface Lookup<T> {
    @Nullable T in(View view, AccountId account, String id);
  }

  private <T> Optional<T> found(String id, Lookup<T> lookup) {
    return state.read(
        view -> {
          for (AccountId account : roles.accounts(view)) {
            T row = lookup.in(view, account, id);
            if (row != null) {
              return Optional.of(row);
            }
          }
          return Optional.empty();
        });
  }

  /** The role of an ARN as the one who acts; empty where it is gone. */
  public Optional<Principal.Identity> identity(String role) {
    return Arn.parse(role).flatMap(arn -> state.read(view -> roles.identity(view, arn)));
  }

  /** All machines of all accounts. */
  public List<ManagedInstance> all() {
    return state.read(
        view -> {
          var all = new ArrayList<ManagedInstance>();
          ManagedTables.eachInstance(view, all::add);
          return all;
        });
  }

  /** The error for an activation that is not there, or whose code was not said. */
  public static ApiError noActivation() {
    return NO_ACTIVATION.because(
        "The activation isn't valid. The activation might have been deleted, or the ActivationId"
            + " and the ActivationCode don't match.");
  }

  /** The error for a machine that is not there. */
  public static ApiError noInstance(String id) {
    return NO_INSTANCE.because("Not existing InstanceId %s", id);
  }

  /**
   * Registers a machine.
   *
   * @param call in the account of the activation
   * @param id of the activation
   * @return the machine's id
   */
  public String register(Call call, String id, Claim claim) {
    requireKey(claim.publicKey(), claim.keyType());
    requireFingerprint(claim.fingerprint());
    String instanceId = "mi-" + Ids.hex(random, ID_BYTES).substring(0, ID_DIGITS);
    state.commit(
        call,
        tx -> {
          Activation activation = opened(tx, call, id, claim.code());
          requireRoom(tx, call, claim.publicKey());
          var instance =
              new ManagedInstance(
                  instanceId,
                  activation.account(),
                  activation.region(),
                  activation.id(),
                  activation.defaultInstanceName(),
                  activation.role(),
                  new Proof(claim.publicKey(), claim.fingerprint()),
                  call.now(),
                  List.of(),
                  null);
          ManagedTables.put(tx, activation.used());
          ManagedTables.put(tx, instance);
          Tags.add(tx, instance.account(), instance.arn(), activation.tags());
          return instance;
        });
    return instanceId;
  }

  private static Activation opened(Tx tx, Call call, String id, @Nullable String code) {
    Activation activation = ManagedTables.activation(tx, call.account(), id);
    if (activation == null || !activation.opensWith(code == null ? "" : code)) {
      throw noActivation();
    }
    if (activation.expiredAt(call.now())) {
      throw ACTIVATION_EXPIRED.because("the activation has expired; make another one");
    }
    if (activation.usedUp()) {
      throw LIMIT.because(
          "%d machines have registered with this activation, which is its limit",
          activation.registered());
    }
    return activation;
  }

  private static void requireRoom(View view, Call call, String publicKey) {
    List<ManagedInstance> there = ManagedTables.instances(view, call.account());
    if (there.stream().anyMatch(i -> i.proof().publicKey().equals(publicKey))) {
      throw REGISTERED.because("a machine with this key is registered already");
    }
    if (there.size() >= ManagedTables.MOST) {
      throw LIMIT.because(
          "the account has %d managed instances, which is its limit", ManagedTables.MOST);
    }
  }

  private static void requireKey(String publicKey, String type) {
    if (!type.equals("Rsa") || RsaSignature.key(publicKey).isEmpty()) {
      throw PUBLIC_KEY.because("the public key is no RSA key of 2048 to 4096 bits");
    }
  }

  private static void requireFingerprint(String fingerprint) {
    if (fingerprint.isEmpty() || fingerprint.length() > LONGEST_FINGERPRINT) {
      throw invalid("a fingerprint has 1 to %d characters".formatted(LONGEST_FINGERPRINT));
    }
  }

  /** The error for input that is none. */
  public static ApiError invalid(String text) {
    return new ApiError(CommonError.VALIDATION.in(Protocol.JSON), text);
  }

  /**
   * Credentials of a machine's role for an hour.
   *
   * @param call of the machine, which has signed with its key
   */
  public MachineRoles.Session token(Call call, ManagedInstance known, String fingerprint) {
    requireSame(known, fingerprint);
    Arn role = Arn.parse(known.role().arn()).orElseThrow();
    MachineRoles.Session session =
        roles
            .open(role, known.id(), ManagedInstance.SESSION, known.arn())
            .orElseThrow(
                () ->
                    new ApiError(
                        CommonError.ACCESS_DENIED.in(Protocol.JSON),
                        "Systems Manager's instance management role is not configured for account: "
                            + known.account().digits()
                            + ": the role "
                            + known.role().arn()
                            + " is gone or does not let "
                            + MachineRoles.SERVICE
                            + " assume it"));
    change(
        call,
        known,
        (tx, now) -> {
          roles.end(tx, now.account(), now.displaced(call.now()), call.now());
          return now.opened(new Opened(session.id(), session.expires()), call.now());
        });
    return session;
  }

  /** The machine is another one than that which registered: its disk was copied. */
  private static void requireSame(ManagedInstance known, String fingerprint) {
    boolean same =
        MessageDigest.isEqual(
            known.proof().fingerprint().getBytes(StandardCharsets.UTF_8),
            fingerprint.getBytes(StandardCharsets.UTF_8));
    if (!same) {
      throw OTHER_MACHINE.because(
          "the fingerprint is not that of the machine that registered as %s", known.id());
    }
  }

  /** Takes another key for a machine, which has signed with the one before. */
  public void rotate(Call call, ManagedInstance known, String publicKey, String type) {
    requireKey(publicKey, type);
    change(
        call,
        known,
        (tx, now) -> {
          if (ManagedTables.instances(tx, now.account()).stream()
              .anyMatch(i -> i.proof().publicKey().equals(publicKey))) {
            throw KEY_TAKEN.because("a machine with this key is registered already");
          }
          return now.knownBy(publicKey);
        });
  }

  /** Keeps what a machine's agent tells of itself. */
  public void told(Call call, ManagedInstance known, ManagedInstance.Ping ping) {
    change(call, known, (_, now) -> now.told(ping));
  }

  /** Changes the row of a machine, unless it was removed or got another key meanwhile. */
  private void change(
      Call call, ManagedInstance known, BiFunction<Tx, ManagedInstance, ManagedInstance> change) {
    state.commit(
        call,
        tx -> {
          ManagedInstance now = ManagedTables.instance(tx, known.account(), known.id());
          if (now == null || !now.proof().equals(known.proof())) {
            throw noInstance(known.id());
          }
          ManagedInstance next = change.apply(tx, now);
          ManagedTables.put(tx, next);
          return next;
        });
  }
}
