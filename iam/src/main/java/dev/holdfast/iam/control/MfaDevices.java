// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.control;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.Empty;
import dev.holdfast.aws.iam.IamError;
import dev.holdfast.iam.model.IamTables;
import dev.holdfast.iam.model.MfaDevice;
import dev.holdfast.iam.model.MfaDevice.Codes;
import dev.holdfast.iam.model.MfaDevice.Owner;
import dev.holdfast.iam.model.User;
import dev.holdfast.iam.plan.Factor;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Tags;
import dev.holdfast.store.Tx;
import dev.holdfast.store.View;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The life of virtual MFA devices. */
public record MfaDevices(IamState iam) {

  /** The demand of an action on a device. */
  public static Demand on(Call call, String action, String serial) {
    Arn arn =
        parse(serial).orElseGet(() -> Arn.global("iam", call.account(), "mfa/" + path(serial)));
    return Demand.on("iam:" + action, arn);
  }

  /** A serial number that is no ARN, as hardware has them, as the end of one. */
  private static String path(String serial) {
    return serial.replace(':', '.');
  }

  private static Optional<Arn> parse(String serial) {
    return Arn.parse(serial)
        .filter(arn -> arn.service().equals("iam") && arn.resource().startsWith("mfa/"));
  }

  static Optional<MfaDevice> find(View view, AccountId account, String serial) {
    return parse(serial)
        .filter(arn -> arn.account().equals(account.digits()))
        .map(
            arn ->
                view.get(IamTables.MFA_DEVICES, account, arn.resource().substring("mfa".length())))
        .filter(device -> device.arn(account).toString().equals(serial));
  }

  /**
   * The device.
   *
   * @throws ApiError NoSuchEntity
   */
  public static MfaDevice device(View view, AccountId account, String serial) {
    return find(view, account, serial).orElseThrow(() -> absent(serial));
  }

  private static ApiError absent(String serial) {
    return IamError.NO_SUCH_ENTITY.because(
        "VirtualMFADevice with serial number %s doesn't exist.", serial);
  }

  /** The ARN of a device that must exist; for tags. */
  public static Function<View, Arn> arn(Call call, String serial) {
    return view -> device(view, call.account(), serial).arn(call.account());
  }

  /** The devices of a user, or of root, oldest first. */
  public static List<MfaDevice> of(View view, AccountId account, String ownerId) {
    return view.byIndex(IamTables.MFA_DEVICES, account, IamTables.HOLDER, ownerId).stream()
        .sorted(Comparator.comparing(MfaDevice::created).thenComparing(MfaDevice::key))
        .toList();
  }

  /**
   * A device that must be a user's.
   *
   * @throws ApiError NoSuchEntity
   */
  public static MfaDevice of(View view, AccountId account, User user, String serial) {
    return find(view, account, serial)
        .filter(device -> owns(device, user.id()))
        .orElseThrow(
            () ->
                IamError.NO_SUCH_ENTITY.because(
                    "MFA Device with serial number %s is not associated with user %s.",
                    serial, user.name()));
  }

  /** Whether a device is the second factor of a user, or of root. */
  public static boolean owns(MfaDevice device, String ownerId) {
    Owner owner = device.owner();
    return owner != null && owner.id().equals(ownerId);
  }

  public static void put(Tx tx, AccountId account, MfaDevice device) {
    tx.put(IamTables.MFA_DEVICES, account, device.key(), device);
  }

  public static void add(Tx tx, Call call, MfaDevice device, Map<String, String> tags) {
    if (tx.get(IamTables.MFA_DEVICES, call.account(), device.key()) != null) {
      throw IamError.ENTITY_ALREADY_EXISTS.because(
          "MFADevice entity at the same path and name already exists.");
    }
    if (tx.list(IamTables.MFA_DEVICES, call.account()).size() >= MfaDevice.MOST_OF_ACCOUNT) {
      throw IamError.LIMIT_EXCEEDED.because(
          "Cannot exceed quota for VirtualMFADevicesPerAccount: %d", MfaDevice.MOST_OF_ACCOUNT);
    }
    put(tx, call.account(), device);
    Tags.add(tx, call.account(), device.arn(call.account()), tags);
  }

  public Empty delete(Call call, String serial) {
    return iam.state()
        .commit(
            call,
            tx -> {
              MfaDevice device = device(tx, call.account(), serial);
              if (device.owner() != null) {
                throw IamError.DELETE_CONFLICT.because(
                    "MFA VirtualDevice in use. Must deactivate first.");
              }
              tx.delete(IamTables.MFA_DEVICES, call.account(), device.key());
              Tags.delete(tx, call.account(), device.arn(call.account()));
              return new Empty();
            });
  }

  /** Two codes in a row, in the order in which the device showed them. */
  public record Pair(String one, String two) {
    @Override
    public String toString() {
      return "Pair[***]";
    }
  }

  /** Makes a device the second factor of a user. */
  public Empty enable(Call call, String userName, String serial, Pair codes) {
    Instant now = call.now();
    // Before a wrong code is counted: nobody makes another's device wait.
    iam.state()
        .read(
            view -> {
              User user = Directory.user(view, call.account(), userName);
              requireFree(view, call.account(), user, device(view, call.account(), serial));
              return user;
            });
    requireRight(call, serial, device -> Factor.first(device, codes.one(), codes.two(), now));
    return iam.state()
        .commit(
            call,
            tx -> {
              User user = Directory.user(tx, call.account(), userName);
              MfaDevice device = device(tx, call.account(), serial);
              requireFree(tx, call.account(), user, device);
              Codes used =
                  Factor.first(device, codes.one(), codes.two(), now)
                      .orElseThrow(MfaDevices::invalid);
              put(tx, call.account(), device.of(new Owner(user.id(), user.name(), now), used));
              return new Empty();
            });
  }

  private static void requireFree(View view, AccountId account, User user, MfaDevice device) {
    if (device.owner() != null) {
      throw IamError.ENTITY_ALREADY_EXISTS.because("MFA Device is already in use.");
    }
    if (of(view, account, user.id()).size() >= MfaDevice.MOST_OF_USER) {
      throw IamError.LIMIT_EXCEEDED.because(
          "Cannot exceed quota for MFADevicesPerUser: %d", MfaDevice.MOST_OF_USER);
    }
  }

  /** Sets the clock of a device right. */
  public Empty resync(Call call, String userName, String serial, Pair codes) {
    iam.state()
        .read(
            view ->
                of(view, call.account(), Directory.user(view, call.account(), userName), serial));
    requireRight(
        call, serial, device -> Factor.again(device, codes.one(), codes.two(), call.now()));
    return iam.state()
        .commit(
            call,
            tx -> {
              User user = Directory.user(tx, call.account(), userName);
              MfaDevice device = of(tx, call.account(), user, serial);
              Codes used =
                  Factor.again(device, codes.one(), codes.two(), call.now())
                      .orElseThrow(MfaDevices::invalid);
              put(tx, call.account(), device.with(used));
              return new Empty();
            });
  }

  /** Makes a device nobody's second factor any more. */
  public Empty deactivate(Call call, String userName, String serial) {
    return iam.state()
        .commit(
            call,
            tx -> {
              User user = Directory.user(tx, call.account(), userName);
              put(tx, call.account(), of(tx, call.account(), user, serial).ofNobody());
              return new Empty();
            });
  }

  /** Follows a user whose name changed. */
  public static void rename(Tx tx, AccountId account, User user) {
    for (MfaDevice device : of(tx, account, user.id())) {
      Owner owner = device.owner();
      if (owner != null) {
        var renamed = new Owner(owner.id(), user.name(), owner.enabled());
        put(
            tx,
            account,
            new MfaDevice(
                device.name(),
                device.path(),
                device.created(),
                device.seed(),
                renamed,
                device.codes(),
                device.guesses()));
      }
    }
  }

  private void requireRight(Call call, String serial, Function<MfaDevice, Optional<Codes>> codes) {
    switch (new SecondFactor(iam).look(call, serial, codes)) {
      case RIGHT, ABSENT -> {} // what is not there is said by whoever asks next
      case WRONG -> throw invalid();
      case EARLY ->
          throw IamError.INVALID_AUTHENTICATION_CODE.because(
              "Authentication code for device is not valid. Too many were wrong: wait, then try"
                  + " again.");
    }
  }

  private static ApiError invalid() {
    return IamError.INVALID_AUTHENTICATION_CODE.because(
        "Authentication code for device is not valid.");
  }
}
