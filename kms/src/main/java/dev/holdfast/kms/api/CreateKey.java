// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms.api;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.kms.CreateKeyRequest;
import dev.holdfast.aws.kms.CreateKeyResponse;
import dev.holdfast.aws.kms.KmsError;
import dev.holdfast.aws.kms.KmsModel;
import dev.holdfast.kms.model.KeyManager;
import dev.holdfast.kms.model.KeyState;
import dev.holdfast.kms.model.KmsKey;
import dev.holdfast.kms.model.KmsTables;
import dev.holdfast.kms.plan.KeyPolicies;
import dev.holdfast.policy.PolicyDocument;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;
import dev.holdfast.service.Tags;
import java.util.List;
import java.util.Map;

/** Makes a symmetric encryption key. */
public record CreateKey(Keys keys) implements Operation<CreateKeyRequest, CreateKeyResponse> {
  @Override
  public OperationModel<CreateKeyRequest, CreateKeyResponse> model() {
    return KmsModel.CREATE_KEY;
  }

  @Override
  public Access access(Call call, CreateKeyRequest in) {
    Demand create =
        Keys.global(call, Demand.on("kms:CreateKey"))
            .key("kms:KeySpec", spec(in))
            .key("kms:KeyUsage", in.keyUsage() == null ? USAGE : in.keyUsage())
            .key("kms:KeyOrigin", in.origin() == null ? ORIGIN : in.origin())
            .key("kms:MultiRegion", Boolean.toString(Boolean.TRUE.equals(in.multiRegion())))
            .key(
                "kms:BypassPolicyLockoutSafetyCheck",
                Boolean.toString(Boolean.TRUE.equals(in.bypassPolicyLockoutSafetyCheck())))
            .requestTags(Wire.tags(in.tags()));
    Access access = Access.of(create);
    return in.tags().isEmpty()
        ? access
        : access.and(
            Keys.global(call, Demand.on("kms:TagResource")).requestTags(Wire.tags(in.tags())));
  }

  @Override
  public CreateKeyResponse handle(Call call, CreateKeyRequest in) {
    requireServed(in);
    Map<String, String> tags = Wire.tags(in.tags());
    Wire.requireTags(tags);
    String policy = in.policy() == null ? KeyPolicies.byDefault(call.account()) : in.policy();
    PolicyDocument document = Wire.policy(policy);
    String id = keys.freshId();
    var key =
        new KmsKey(
            call.account(),
            call.region(),
            id,
            KeyManager.CUSTOMER,
            KeyState.ENABLED,
            call.now(),
            null,
            in.description() == null ? "" : in.description(),
            policy,
            keys.state().read(view -> keys.principals(view, call.account(), document)),
            List.of(keys.envelope().fresh(call.account(), call.region(), id, 1)),
            null);
    Wire.checkLockout(call, key.arn(), document, in.bypassPolicyLockoutSafetyCheck());
    call.record().touched(key.arn().toString());
    return keys.state()
        .commit(
            call,
            tx -> {
              KmsTables.put(tx, key);
              Tags.add(tx, key.account(), key.arn(), tags);
              return CreateKeyResponse.builder().keyMetadata(Wire.metadata(key)).build();
            });
  }

  private static final String USAGE = "ENCRYPT_DECRYPT";
  private static final String ORIGIN = "AWS_KMS";

  private static String spec(CreateKeyRequest in) {
    String spec = in.keySpec() == null ? in.customerMasterKeySpec() : in.keySpec();
    return spec == null ? Cryptography.ALGORITHM : spec;
  }

  private static void requireServed(CreateKeyRequest in) {
    if (in.keySpec() != null && in.customerMasterKeySpec() != null) {
      throw Wire.invalid(
          "You cannot specify KeySpec and CustomerMasterKeySpec in the same request."
              + " CustomerMasterKeySpec is deprecated.");
    }
    if (!spec(in).equals(Cryptography.ALGORITHM)) {
      throw unsupported("KeySpec " + spec(in));
    }
    if (in.keyUsage() != null && !in.keyUsage().equals(USAGE)) {
      throw Wire.invalid(
          "The operation failed because the KeyUsage value of the KMS key is "
              + in.keyUsage()
              + ", which is not compatible with KeySpec SYMMETRIC_DEFAULT.");
    }
    if (in.origin() != null && !in.origin().equals(ORIGIN)) {
      throw unsupported("Origin " + in.origin());
    }
    if (Boolean.TRUE.equals(in.multiRegion())) {
      throw unsupported("MultiRegion true");
    }
    if (in.customKeyStoreId() != null) {
      throw unsupported("CustomKeyStoreId");
    }
    if (in.xksKeyId() != null) {
      throw unsupported("XksKeyId");
    }
  }

  private static ApiError unsupported(String what) {
    return new ApiError(
        KmsError.UNSUPPORTED_OPERATION,
        what + " is not served yet; keys are KeySpec SYMMETRIC_DEFAULT of Origin AWS_KMS");
  }
}
