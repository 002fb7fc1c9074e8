// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms.api;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.CommonError;
import dev.holdfast.aws.Protocol;
import dev.holdfast.aws.kms.KmsError;
import dev.holdfast.kms.model.KmsKey;
import dev.holdfast.kms.plan.CiphertextBlob;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.CallRecord;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Guard;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Encrypting and decrypting for a caller: the same for the API and for services in-process. */
public final class Cryptography {
  static final String ALGORITHM = "SYMMETRIC_DEFAULT";

  private final Keys keys;
  private final Grants grants;
  private final Guard guard;

  public Cryptography(Grants grants, Guard guard) {
    this.keys = grants.keys();
    this.grants = grants;
    this.guard = guard;
  }

  /** What encrypting under a key demands. */
  Access encryptAccess(Call call, String action, String keyId, Map<String, String> context) {
    return keys.access(
        call,
        Keys.Asked.using(action, context),
        keyId,
        Reach.USE,
        demand -> withContext(demand, context));
  }

  /** Asks the guard, for calls that did not come through the door. */
  public void requireEncrypt(Call call, String keyId, Map<String, String> context) {
    guard.require(call, encryptAccess(call, "kms:Encrypt", keyId, context));
  }

  /** Asks the guard for a data key, for calls that did not come through the door. */
  public void requireDataKey(Call call, String keyId, Map<String, String> context) {
    guard.require(call, encryptAccess(call, "kms:GenerateDataKey", keyId, context));
  }

  /**
   * The key to encrypt under, once the call was let in. Where it was named by an alias, which may
   * lead elsewhere by now, the guard is asked about the key that is really used.
   */
  public KmsKey key(Call call, String action, String keyId, Map<String, String> context) {
    keys.makeManaged(call, keyId);
    NamedKey named = keys.state().read(view -> keys.named(view, call, keyId, Reach.USE));
    if (named.requestAlias() != null) {
      guard.require(
          call,
          Access.of(
              withContext(keys.demand(call, Keys.Asked.using(action, context), named), context)));
    }
    Keys.requireUsable(named.key());
    return named.key();
  }

  public byte[] seal(KmsKey key, byte[] plain, Map<String, String> context) {
    return keys.envelope().seal(key, plain, context);
  }

  /** Fresh random bytes for a data key. */
  public byte[] dataKey(int length) {
    return keys.envelope().bytes(length);
  }

  /** What decrypting a ciphertext demands. */
  public Access decryptAccess(
      Call call, byte[] bytes, @Nullable String keyId, Map<String, String> context) {
    if (keyId != null) {
      return keys.access(
          call,
          Keys.Asked.using("kms:Decrypt", context),
          keyId,
          Reach.USE,
          demand -> withContext(demand, context).revealing());
    }
    return decryptAccess(call, maker(call, bytes), context);
  }

  private Access decryptAccess(Call call, NamedKey made, Map<String, String> context) {
    Access access =
        Access.of(
            withContext(keys.demand(call, Keys.Asked.using("kms:Decrypt", context), made), context)
                .revealing());
    if (!made.key().account().equals(call.account())) {
      requireForeign(call, access);
    }
    return access;
  }

  /**
   * Asks the guard for another account's key, which whoever may not use it learns nothing of: a
   * made-up ciphertext must not show whether a key is there, nor whose it is, in the answer or in
   * the caller's own record.
   */
  private void requireForeign(Call call, Access access) {
    CallRecord unwritten =
        call.record().another(call.id().text(), call.record().source(), "Decrypt");
    try {
      guard.require(
          new Call(
              call.id(),
              call.principal(),
              call.region(),
              call.now(),
              call.origin(),
              call.via(),
              unwritten),
          access);
    } catch (ApiError e) {
      throw e.shape().equals(CommonError.ACCESS_DENIED.in(Protocol.JSON)) ? unknownKey() : e;
    }
  }

  /** A key and what it decrypted. */
  @SuppressWarnings("ArrayRecordComponent")
  public record Opened(KmsKey key, byte[] plain) {
    @Override
    public String toString() {
      return "Opened[" + key.arn() + "]";
    }
  }

  /** Asks the guard and decrypts, for calls that did not come through the door. */
  public Opened decrypt(Call call, byte[] bytes, Map<String, String> context) {
    NamedKey made = maker(call, bytes);
    guard.require(call, decryptAccess(call, made, context));
    return open(made.key(), bytes, context);
  }

  /** Decrypts, once the call was let in. */
  Opened open(Call call, byte[] bytes, @Nullable String keyId, Map<String, String> context) {
    if (keyId == null) {
      return open(maker(call, bytes).key(), bytes, context);
    }
    // Whether the key that the ciphertext names is there at all is not asked.
    String named = CiphertextBlob.parse(bytes).orElseThrow(Cryptography::invalid).keyId();
    KmsKey meant = key(call, "kms:Decrypt", keyId, context);
    if (!meant.id().equals(named)) {
      throw KmsError.INCORRECT_KEY.because(
          "The key ID in the request does not identify a CMK that can perform this operation.");
    }
    return open(meant, bytes, context);
  }

  private Opened open(KmsKey key, byte[] bytes, Map<String, String> context) {
    Keys.requireUsable(key);
    byte[] plain =
        CiphertextBlob.parse(bytes)
            .flatMap(blob -> keys.envelope().open(key, blob, context))
            .orElseThrow(Cryptography::invalid);
    return new Opened(key, plain);
  }

  private NamedKey maker(Call call, byte[] bytes) {
    CiphertextBlob blob = CiphertextBlob.parse(bytes).orElseThrow(Cryptography::invalid);
    return keys.state()
        .read(view -> Keys.byId(view, call, blob.keyId()))
        .orElseThrow(Cryptography::unknownKey);
  }

  /** One answer for every fault, so that none can be told from another. */
  private static ApiError invalid() {
    return KmsError.INVALID_CIPHERTEXT.because(
        "the ciphertext is not one that its key made with this encryption context");
  }

  /** AWS's answer for a key that is not there, and for one that the caller may not use. */
  private static ApiError unknownKey() {
    return CommonError.ACCESS_DENIED
        .in(Protocol.JSON)
        .because(
            "The ciphertext refers to a customer master key that does not exist, does not exist in"
                + " this region, or you are not allowed to access.");
  }

  private static Demand withContext(Demand demand, Map<String, String> context) {
    var keys = new LinkedHashMap<String, List<String>>();
    keys.put("kms:EncryptionAlgorithm", List.of(ALGORITHM));
    context.forEach((name, value) -> keys.put("kms:EncryptionContext:" + name, List.of(value)));
    if (!context.isEmpty()) {
      keys.put("kms:EncryptionContextKeys", List.copyOf(context.keySet()));
    }
    return demand.keys(keys);
  }

  /** Refuses what AWS has and we do not serve yet, and grant tokens that are none. */
  void requireServed(
      Call call, List<String> grantTokens, @Nullable String algorithm, @Nullable Object recipient) {
    grants.requireTokens(call, grantTokens);
    if (algorithm != null && !algorithm.equals(ALGORITHM)) {
      throw KmsError.INVALID_KEY_USAGE.because(
          "the key encrypts with SYMMETRIC_DEFAULT only, not with %s", algorithm);
    }
    if (recipient != null) {
      throw CommonError.VALIDATION
          .in(Protocol.JSON)
          .because("attested recipients are not served: `Recipient`");
    }
  }

  static void endDryRun(@Nullable Boolean dryRun) {
    if (Boolean.TRUE.equals(dryRun)) {
      throw KmsError.DRY_RUN_OPERATION.because(
          "The request would have succeeded, but the DryRun option is set.");
    }
  }
}
