// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.CommonError;
import dev.holdfast.aws.Protocol;
import dev.holdfast.aws.ServiceModel;
import dev.holdfast.kit.Printable;
import dev.holdfast.service.RequestId;
import dev.holdfast.store.StoreFull;
import dev.holdfast.store.StoreUnavailable;
import java.lang.System.Logger.Level;

/** What the door says where no operation has answered. */
public final class Refusals {
  private static final System.Logger LOG = System.getLogger("gateway");

  private Refusals() {}

  public static ApiError throttled(Protocol protocol) {
    return CommonError.THROTTLING.in(protocol).because("Rate exceeded");
  }

  public static ApiError stopping(Protocol protocol) {
    return CommonError.SERVICE_UNAVAILABLE.in(protocol).because("the platform is stopping");
  }

  /** A body that was not read. */
  static ApiError unread(CommonError refusal, Protocol protocol, int most) {
    return refusal == CommonError.REQUEST_TOO_LARGE
        ? refusal.in(protocol).because("the body is larger than %d bytes", most)
        : refusal.in(protocol).because("too many large requests come at once; try again");
  }

  static ApiError notServed(ServiceModel service, String operation) {
    boolean aws = service.allOperations().contains(operation);
    String text =
        aws
            ? "Holdfast does not serve " + service.name() + ":" + operation + " yet."
            : "Could not find operation "
                + printable(operation)
                + " for version "
                + service.apiVersion()
                + ".";
    return new ApiError(CommonError.UNKNOWN_OPERATION.in(service.protocol()), text);
  }

  static String printable(String name) {
    return Printable.ascii(name.length() > 128 ? name.substring(0, 128) : name);
  }

  /** What was not foreseen; the log has it, under the request's id. */
  public static ApiError unexpected(Protocol protocol, Throwable e, RequestId id) {
    if (e instanceof StoreFull) { // the log has it once for all, where the disk is watched
      return CommonError.SERVICE_UNAVAILABLE
          .in(protocol)
          .because("%s", String.valueOf(e.getMessage()));
    }
    if (e instanceof StoreUnavailable) {
      LOG.log(Level.ERROR, "the store is unavailable; request " + id, e);
      return CommonError.SERVICE_UNAVAILABLE
          .in(protocol)
          .because("the platform cannot keep changes at the moment; try again");
    }
    LOG.log(Level.ERROR, "request " + id + " failed", e);
    return CommonError.INTERNAL_FAILURE
        .in(protocol)
        .because("an internal error occurred; the log has it under request id %s", id);
  }
}
