// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.factor;

import dev.holdfast.aws.iam.MFADevice;
import dev.holdfast.aws.iam.User;
import dev.holdfast.aws.iam.VirtualMFADevice;
import dev.holdfast.iam.api.Wire;
import dev.holdfast.iam.control.Directory;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.iam.model.MfaDevice;
import dev.holdfast.kit.AccountId;
import dev.holdfast.store.View;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Devices as IAM's shapes. None shows the key of its codes. */
final class MfaWire {
  private MfaWire() {}

  static @Nullable Instant enabled(MfaDevice device) {
    return device.owner() == null ? null : Wire.date(device.owner().enabled());
  }

  /** A device as the list of its user shows it. */
  static MFADevice device(AccountId account, MfaDevice device) {
    return MFADevice.builder()
        .userName(Objects.requireNonNull(device.owner()).name())
        .serialNumber(device.arn(account).toString())
        .enableDate(Objects.requireNonNull(enabled(device)))
        .build();
  }

  /** A device as the list of the account shows it. */
  static VirtualMFADevice virtual(View view, AccountId account, MfaDevice device) {
    return VirtualMFADevice.builder()
        .serialNumber(device.arn(account).toString())
        .user(user(view, account, device))
        .enableDate(enabled(device))
        .build();
  }

  private static @Nullable User user(View view, AccountId account, MfaDevice device) {
    return device.owner() == null
        ? null
        : Directory.find(view, account, EntityKind.USER, device.owner().name())
            .map(user -> Wire.user(account, user))
            .orElse(null);
  }
}
