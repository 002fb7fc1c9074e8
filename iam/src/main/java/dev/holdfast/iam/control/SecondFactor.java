// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.control;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.CommonError;
import dev.holdfast.aws.Protocol;
import dev.holdfast.iam.model.MfaDevice;
import dev.holdfast.iam.model.MfaDevice.Codes;
import dev.holdfast.iam.plan.Factor;
import dev.holdfast.service.Call;
import dev.holdfast.service.Principal;
import dev.holdfast.store.Tx;
import dev.holdfast.store.space.Urgency;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Codes as somebody shows them. A wrong one is counted in the transaction that looked at it, so
 * that no number of guesses at once are more than {@link dev.holdfast.iam.model.Guesses} lets
 * through; a right one is used up in the transaction that opens the session.
 */
public record SecondFactor(IamState iam) {
  private static final String WRONG = " with invalid MFA one time pass code. ";

  /** What is found of codes. */
  enum Look {
    RIGHT,
    WRONG,
    /** Not looked at: too many were wrong. */
    EARLY,
    ABSENT
  }

  /** Looks at codes for a device; wrong ones are counted at once. */
  Look look(Call call, String serial, Function<MfaDevice, Optional<Codes>> codes) {
    return iam.state()
        .own(
            Urgency.VITAL,
            tx -> {
              MfaDevice device = MfaDevices.find(tx, call.account(), serial).orElse(null);
              if (device == null) {
                return Look.ABSENT;
              }
              if (!device.guesses().open(call.now())) {
                return Look.EARLY;
              }
              if (codes.apply(device).isPresent()) {
                return Look.RIGHT;
              }
              MfaDevices.put(tx, call.account(), device.with(device.guesses().missed(call.now())));
              return Look.WRONG;
            });
  }

  /**
   * Whether a call shows a second factor, which is then right, and not used up yet ({@link #use}).
   *
   * @param serial the device as the request names it, or null
   * @param code as the request has it, or null
   * @throws ApiError AccessDenied, in AWS's words
   */
  public boolean shown(Call call, @Nullable String serial, @Nullable String code) {
    if (serial == null && code == null) {
      return false;
    }
    if (serial == null || code == null) {
      throw denied(", must provide both MFA serial number and one time pass code. ");
    }
    boolean own =
        iam.state()
            .read(view -> MfaDevices.find(view, call.account(), serial))
            .filter(device -> ofCaller(call, device))
            .isPresent();
    if (!own) {
      throw denied(
          ", unable to validate MFA code.  Please verify your MFA serial number is valid and"
              + " associated with this user. ");
    }
    Look look = look(call, serial, device -> Factor.taken(device, code, call.now()));
    if (look != Look.RIGHT) {
      throw denied(
          look == Look.EARLY ? WRONG + "Too many were wrong: wait, then try again." : WRONG);
    }
    return true;
  }

  /** Uses a code up, in the transaction that opens the session; null uses nothing. */
  public static void use(Tx tx, Call call, @Nullable String serial, @Nullable String code) {
    if (serial == null || code == null) {
      return;
    }
    MfaDevice device =
        MfaDevices.find(tx, call.account(), serial)
            .filter(found -> ofCaller(call, found))
            .orElseThrow(() -> denied(WRONG));
    Codes used = Factor.taken(device, code, call.now()).orElseThrow(() -> denied(WRONG));
    MfaDevices.put(tx, call.account(), device.with(used));
  }

  /** A role has no second factor: whoever took it showed theirs. */
  private static boolean ofCaller(Call call, MfaDevice device) {
    Principal.Identity identity = call.principal().identity();
    return identity.kind() != Principal.Kind.ROLE && MfaDevices.owns(device, identity.uniqueId());
  }

  private static ApiError denied(String why) {
    return new ApiError(
        CommonError.ACCESS_DENIED.in(Protocol.QUERY), "MultiFactorAuthentication failed" + why);
  }
}
