// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.kms.KmsModel;
import dev.holdfast.kit.Ids;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.JsonValue.JsonString;
import dev.holdfast.kms.api.CancelKeyDeletion;
import dev.holdfast.kms.api.CreateAlias;
import dev.holdfast.kms.api.CreateGrant;
import dev.holdfast.kms.api.CreateKey;
import dev.holdfast.kms.api.Cryptography;
import dev.holdfast.kms.api.Decrypt;
import dev.holdfast.kms.api.DeleteAlias;
import dev.holdfast.kms.api.DescribeKey;
import dev.holdfast.kms.api.DisableKey;
import dev.holdfast.kms.api.DisableKeyRotation;
import dev.holdfast.kms.api.EnableKey;
import dev.holdfast.kms.api.EnableKeyRotation;
import dev.holdfast.kms.api.Encrypt;
import dev.holdfast.kms.api.GenerateDataKey;
import dev.holdfast.kms.api.GenerateDataKeyWithoutPlaintext;
import dev.holdfast.kms.api.GetKeyPolicy;
import dev.holdfast.kms.api.GetKeyRotationStatus;
import dev.holdfast.kms.api.Grants;
import dev.holdfast.kms.api.Keys;
import dev.holdfast.kms.api.ListAliases;
import dev.holdfast.kms.api.ListGrants;
import dev.holdfast.kms.api.ListKeyPolicies;
import dev.holdfast.kms.api.ListKeys;
import dev.holdfast.kms.api.ListResourceTags;
import dev.holdfast.kms.api.ListRetirableGrants;
import dev.holdfast.kms.api.PutKeyPolicy;
import dev.holdfast.kms.api.RetireGrant;
import dev.holdfast.kms.api.RevokeGrant;
import dev.holdfast.kms.api.RotateKeyOnDemand;
import dev.holdfast.kms.api.ScheduleKeyDeletion;
import dev.holdfast.kms.api.TagResource;
import dev.holdfast.kms.api.UntagResource;
import dev.holdfast.kms.api.UpdateAlias;
import dev.holdfast.kms.api.UpdateKeyDescription;
import dev.holdfast.kms.model.GrantTables;
import dev.holdfast.kms.model.KeyState;
import dev.holdfast.kms.model.KmsKey;
import dev.holdfast.kms.model.KmsTables;
import dev.holdfast.kms.model.Rotation;
import dev.holdfast.kms.plan.Envelope;
import dev.holdfast.service.ApiService;
import dev.holdfast.service.AuditLog;
import dev.holdfast.service.BoundPolicies;
import dev.holdfast.service.Call;
import dev.holdfast.service.CallRecord;
import dev.holdfast.service.Guard;
import dev.holdfast.service.PageTokens;
import dev.holdfast.service.ServiceEvent;
import dev.holdfast.service.State;
import dev.holdfast.service.Tags;
import dev.holdfast.service.UniqueIds;
import dev.holdfast.store.space.Urgency;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The Key Management Service: its API, and encryption for other services in-process. */
public final class Kms {
  /** The alias of the AWS-managed key of Parameter Store. */
  public static final String SSM_ALIAS = Keys.SSM_ALIAS;

  /** The alias of the AWS-managed key of Secrets Manager. */
  public static final String SECRETS_ALIAS = Keys.SECRETS_ALIAS;

  private static final int DATA_KEY_BYTES = 32;
  private static final int GRANTS_AT_ONCE = 1_000;

  private static final String SOURCE = "kms.amazonaws.com";

  /**
   * What KMS stands on.
   *
   * @param keyring wraps backing keys before they are stored
   * @param principals whom grants and key policies name
   */
  public record Needs(
      State state,
      Wrapper keyring,
      Guard guard,
      AuditLog audit,
      PageTokens pages,
      SecureRandom random,
      UniqueIds principals) {}

  private final Needs needs;
  private final Envelope envelope;
  private final Keys keys;
  private final Grants grants;
  private final Cryptography cryptography;

  private Kms(Needs needs) {
    this.needs = needs;
    this.envelope = new Envelope(needs.keyring(), needs.random());
    this.keys =
        new Keys(needs.state(), envelope, new BoundPolicies(needs.principals()), needs.random());
    this.grants = new Grants(keys, needs.keyring(), needs.principals());
    this.cryptography = new Cryptography(grants, needs.guard());
  }

  public static Kms create(Needs needs) {
    return new Kms(needs);
  }

  public ApiService service() {
    PageTokens pages = needs.pages();
    return new ApiService(
        KmsModel.SERVICE,
        List.of(
            new CancelKeyDeletion(keys),
            new CreateAlias(keys),
            new CreateGrant(grants, needs.random()),
            new CreateKey(keys),
            new Decrypt(cryptography),
            new DeleteAlias(keys),
            new DescribeKey(grants),
            new DisableKey(keys),
            new DisableKeyRotation(keys),
            new EnableKey(keys),
            new EnableKeyRotation(keys),
            new Encrypt(cryptography),
            new GenerateDataKey(cryptography),
            new GenerateDataKeyWithoutPlaintext(cryptography),
            new GetKeyPolicy(keys),
            new GetKeyRotationStatus(keys),
            new ListAliases(keys, pages),
            new ListGrants(grants, pages),
            new ListKeyPolicies(keys),
            new ListKeys(keys, pages),
            new ListResourceTags(keys, pages),
            new ListRetirableGrants(grants, pages),
            new PutKeyPolicy(keys),
            new RetireGrant(grants),
            new RevokeGrant(grants),
            new RotateKeyOnDemand(keys),
            new ScheduleKeyDeletion(keys),
            new TagResource(keys),
            new UntagResource(keys),
            new UpdateAlias(keys),
            new UpdateKeyDescription(keys)));
  }

  /**
   * Encrypts for a service that acts for its caller: authorized as {@code kms:Encrypt} of that
   * caller, with an audit event of its own.
   *
   * @param call already {@link Call#via} the service
   * @param keyId by id, ARN, alias name or alias ARN
   * @throws ApiError AccessDenied, or an error of {@code Encrypt}
   */
  public byte[] encrypt(Call call, String keyId, byte[] plain, Map<String, String> context) {
    JsonObject parameters =
        JsonObject.EMPTY.with("keyId", keyId).with("encryptionContext", json(context));
    return recorded(
        call,
        "Encrypt",
        parameters,
        own -> {
          cryptography.requireEncrypt(own, keyId, context);
          KmsKey key = cryptography.key(own, "kms:Encrypt", keyId, context);
          own.record().touched(key.arn().toString());
          return cryptography.seal(key, plain, context);
        });
  }

  /**
   * A data key of 256 bits, bare and encrypted.
   *
   * @param plain the caller wipes it after use
   * @param blob what {@link #decrypt} makes the data key of
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record DataKey(byte[] plain, byte[] blob) {
    @Override
    public String toString() {
      return "DataKey[***]";
    }
  }

  /**
   * Makes a data key for a service that acts for its caller: authorized as {@code
   * kms:GenerateDataKey} of that caller, with an audit event of its own.
   *
   * @param call already {@link Call#via} the service
   * @param keyId by id, ARN, alias name or alias ARN
   * @throws ApiError AccessDenied, or an error of {@code GenerateDataKey}
   */
  public DataKey dataKey(Call call, String keyId, Map<String, String> context) {
    JsonObject parameters =
        JsonObject.EMPTY
            .with("keyId", keyId)
            .with("keySpec", "AES_256")
            .with("encryptionContext", json(context));
    return recorded(
        call,
        "GenerateDataKey",
        parameters,
        own -> {
          cryptography.requireDataKey(own, keyId, context);
          KmsKey key = cryptography.key(own, "kms:GenerateDataKey", keyId, context);
          own.record().touched(key.arn().toString());
          byte[] plain = cryptography.dataKey(DATA_KEY_BYTES);
          return new DataKey(plain, cryptography.seal(key, plain, context));
        });
  }

  /**
   * Decrypts for a service that acts for its caller: authorized as {@code kms:Decrypt} of that
   * caller, with an audit event of its own.
   *
   * @param call already {@link Call#via} the service
   * @throws ApiError AccessDenied, or an error of {@code Decrypt}
   */
  public byte[] decrypt(Call call, byte[] blob, Map<String, String> context) {
    return recorded(
        call,
        "Decrypt",
        JsonObject.EMPTY.with("encryptionContext", json(context)),
        own -> {
          Cryptography.Opened opened = cryptography.decrypt(own, blob, context);
          own.record().touched(opened.key().arn().toString());
          return opened.plain();
        });
  }

  /**
   * Removes keys whose waiting period has ended, with their grants, aliases and tags. They cannot
   * be used from that moment on, whenever this runs.
   *
   * @return how many
   */
  public int deleteExpired(Instant now) {
    State state = needs.state();
    List<KmsKey> gone =
        state.read(view -> KmsTables.allKeys(view).stream().filter(k -> k.goneAt(now)).toList());
    for (KmsKey key : gone) {
      while (!state.<Boolean>own(
          Urgency.VITAL, tx -> GrantTables.deleteSome(tx, key, GRANTS_AT_ONCE))) {
        // a key may have many grants: one commit for all of them would be too long
      }
      state.<Boolean>own(
          Urgency.VITAL,
          tx -> {
            KmsTables.delete(tx, key);
            Tags.delete(tx, key.account(), key.arn());
            return true;
          });
    }
    return gone.size();
  }

  /**
   * Gives fresh material to each key whose time has come. A key that is disabled meanwhile gets it
   * when it is enabled again.
   *
   * @return how many
   */
  public int rotateDue(Instant now) {
    return needs
        .state()
        .<Integer>own(
            tx -> {
              int rotated = 0;
              for (KmsKey key : KmsTables.allKeys(tx)) {
                Rotation due = key.schedule();
                if (due != null && key.state() == KeyState.ENABLED && !now.isBefore(due.next())) {
                  KmsKey fresh = key.rotated(envelope.next(key).since(now, true));
                  Rotation asked = key.rotation();
                  KmsTables.put(
                      tx, asked == null ? fresh : fresh.with(Rotation.after(now, asked.days())));
                  needs
                      .audit()
                      .stage(
                          tx,
                          key.account(),
                          key.region(),
                          new ServiceEvent(
                                  SOURCE,
                                  "RotateKey",
                                  key.arn().toString(),
                                  JsonObject.EMPTY.with("keyId", key.id()))
                              .at(now, key.account(), key.region()));
                  rotated++;
                }
              }
              return rotated;
            });
  }

  private <R> R recorded(Call call, String name, JsonObject parameters, Function<Call, R> work) {
    var event =
        new CallRecord(needs.audit(), Ids.timedUuid(call.now(), needs.random()), SOURCE, name);
    event.parameters(parameters.with("encryptionAlgorithm", "SYMMETRIC_DEFAULT"));
    var own =
        new Call(
            call.id(),
            call.principal(),
            call.region(),
            call.now(),
            call.origin(),
            call.via(),
            event);
    try {
      R result = work.apply(own);
      event.end(own, null);
      return result;
    } catch (ApiError e) {
      event.end(own, e);
      throw e;
    } finally {
      event.notes().forEach(call.record()::note);
    }
  }

  private static JsonObject json(Map<String, String> context) {
    JsonObject json = JsonObject.EMPTY;
    for (Map.Entry<String, String> pair : context.entrySet()) {
      json = json.with(pair.getKey(), new JsonString(pair.getValue()));
    }
    return json;
  }
}
