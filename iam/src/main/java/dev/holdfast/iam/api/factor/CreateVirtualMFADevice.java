// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.factor;

import dev.holdfast.aws.CommonError;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.Protocol;
import dev.holdfast.aws.iam.CreateVirtualMFADeviceRequest;
import dev.holdfast.aws.iam.CreateVirtualMFADeviceResponse;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.Tag;
import dev.holdfast.aws.iam.VirtualMFADevice;
import dev.holdfast.iam.api.Wire;
import dev.holdfast.iam.control.AccountFacts;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.MfaDevices;
import dev.holdfast.iam.control.Taggings;
import dev.holdfast.iam.model.MfaDevice;
import dev.holdfast.iam.plan.QrPng;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.Ids;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;
import dev.holdfast.service.Tags;
import dev.holdfast.store.View;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** CreateVirtualMFADevice: the one answer that shows the key of its codes. */
public record CreateVirtualMFADevice(IamState iam)
    implements Operation<CreateVirtualMFADeviceRequest, CreateVirtualMFADeviceResponse> {
  /** 320 bits, as AWS's. */
  private static final int SEED_CHARACTERS = 64;

  private static final int LONGEST_NAME = 226;

  @Override
  public OperationModel<CreateVirtualMFADeviceRequest, CreateVirtualMFADeviceResponse> model() {
    return IamModel.CREATE_VIRTUAL_MFA_DEVICE;
  }

  @Override
  public Access access(Call call, CreateVirtualMFADeviceRequest in) {
    Arn arn = MfaDevice.arn(call.account(), Wire.path(in.path()), in.virtualMFADeviceName());
    Map<String, String> tags = Tags.map(in.tags(), Tag::key, Tag::value);
    Access access = Access.of(Demand.on("iam:CreateVirtualMFADevice", arn).made(tags));
    return tags.isEmpty() ? access : access.and(Demand.on("iam:TagMFADevice", arn).made(tags));
  }

  @Override
  public CreateVirtualMFADeviceResponse handle(Call call, CreateVirtualMFADeviceRequest in) {
    Map<String, String> tags = Taggings.given(in.tags());
    if (in.virtualMFADeviceName().length() > LONGEST_NAME) {
      throw CommonError.VALIDATION
          .in(Protocol.QUERY)
          .because(
              "The specified value for virtualMFADeviceName is invalid. It must have at most %d"
                  + " characters",
              LONGEST_NAME);
    }
    MfaDevice device =
        MfaDevice.fresh(
            in.virtualMFADeviceName(),
            Wire.path(in.path()),
            call.now(),
            Ids.base32(iam.random(), "", SEED_CHARACTERS));
    return iam.state()
        .commit(
            call,
            tx -> {
              MfaDevices.add(tx, call, device, tags);
              return CreateVirtualMFADeviceResponse.builder()
                  .virtualMFADevice(shape(tx, call, device))
                  .build();
            });
  }

  private static VirtualMFADevice shape(View view, Call call, MfaDevice device) {
    String alias = AccountFacts.of(view, call.account()).alias();
    String account = alias == null ? call.account().digits() : alias;
    String url = "otpauth://totp/%s@%s?secret=%s".formatted(device.name(), account, device.seed());
    return VirtualMFADevice.builder()
        .serialNumber(device.arn(call.account()).toString())
        .base32StringSeed(device.seed().getBytes(StandardCharsets.UTF_8))
        .qrCodePNG(QrPng.of(url))
        .tags(Taggings.shapes(Tags.of(view, call.account(), device.arn(call.account()))))
        .build();
  }
}
