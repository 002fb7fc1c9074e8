// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.plan;

import dev.holdfast.iam.model.MfaDevice;
import dev.holdfast.iam.model.MfaDevice.Codes;
import java.time.Instant;
import java.util.Optional;

/** Which codes of a device are right; what is right is used up by it. */
public final class Factor {
  /** How many steps a device's clock may be off from what is known of it. */
  private static final long WINDOW = 1;

  /** How many steps ago the second of two codes may have been shown to who types them in. */
  private static final long TYPED = 2;

  /** How far off a clock may be that is set right again: an hour. */
  private static final long LOST = 120;

  private Factor() {}

  /** The device's codes after this one; empty where it is wrong or was used. */
  public static Optional<Codes> taken(MfaDevice device, String code, Instant now) {
    Codes codes = device.codes();
    long here = Totp.step(now) + codes.drift();
    var step =
        Totp.step(key(device), code, Math.max(here - WINDOW, codes.last() + 1), here + WINDOW);
    return step.isPresent() ? Optional.of(codes.used(step.getAsLong())) : Optional.empty();
  }

  /** The codes of a device that shows two in a row for the first time; its clock must be right. */
  public static Optional<Codes> first(MfaDevice device, String one, String two, Instant now) {
    long here = Totp.step(now);
    var step = Totp.pair(key(device), one, two, here - TYPED, here + WINDOW);
    return step.isPresent() && step.getAsLong() - 1 > device.codes().last()
        ? Optional.of(new Codes(0, step.getAsLong()))
        : Optional.empty();
  }

  /** The codes of a device whose clock is off, by two in a row. */
  public static Optional<Codes> again(MfaDevice device, String one, String two, Instant now) {
    long here = Totp.step(now);
    var step = Totp.pair(key(device), one, two, here - LOST, here + LOST);
    return step.isPresent() && step.getAsLong() - 1 > device.codes().last()
        ? Optional.of(new Codes(step.getAsLong() - here, step.getAsLong()))
        : Optional.empty();
  }

  private static byte[] key(MfaDevice device) {
    return Base32.decode(device.seed());
  }
}
