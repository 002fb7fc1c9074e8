// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.logs.api;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.logs.LogsError;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.Region;
import dev.holdfast.logs.model.LogGroup;
import dev.holdfast.logs.model.LogStream;
import dev.holdfast.logs.model.LogTables;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.store.View;
import org.jspecify.annotations.Nullable;

/** Finds groups and streams by what requests call them, and says what their ARNs are to IAM. */
final class Groups {
  /** What the ARN of a group has at its end where AWS asks for a right to what is in it. */
  private static final String STREAMS = ":log-stream:";

  /** A group as a request names it. */
  record Named(AccountId account, Region region, String name) {
    Arn arn() {
      return LogGroup.arn(account, region, name);
    }
  }

  private Groups() {}

  static Named named(Call call, String name) {
    return new Named(call.account(), call.region(), name);
  }

  /** The group that one of two members names. */
  static Named named(Call call, @Nullable String name, @Nullable String identifier) {
    if (name != null && identifier != null) {
      throw Wire.invalid("LogGroup name and LogGroup ARN are mutually exclusive parameters.");
    }
    if (name != null) {
      return named(call, name);
    }
    if (identifier == null) {
      throw Wire.invalid("One of logGroupName or logGroupIdentifier must be specified.");
    }
    return identified(call, identifier);
  }

  /** The group that a name or an ARN means. */
  static Named identified(Call call, String identifier) {
    return identifier.startsWith("arn:") ? ofArn(identifier) : named(call, identifier);
  }

  /** The group that an ARN means, with or without {@code :*} at its end. */
  static Named ofArn(String text) {
    Arn arn = Arn.parse(text).orElseThrow(() -> Wire.invalidArn(text));
    String resource = arn.resource();
    AccountId account = AccountId.parse(arn.account()).orElseThrow(() -> Wire.invalidArn(text));
    Region region = Region.parse(arn.region()).orElseThrow(() -> Wire.invalidArn(text));
    if (!arn.service().equals("logs") || !resource.startsWith("log-group:")) {
      throw Wire.invalidArn(text);
    }
    String name = resource.substring("log-group:".length());
    name = name.endsWith(":*") ? name.substring(0, name.length() - 2) : name;
    if (name.isEmpty() || name.indexOf(':') >= 0) {
      throw Wire.invalidArn(text);
    }
    return new Named(account, region, name);
  }

  /** One action on the group itself, or on all that is in it: its streams. */
  static Demand demand(String action, Named group) {
    Arn arn = group.arn();
    return Demand.on(
            action,
            new Arn(
                arn.partition(),
                arn.service(),
                arn.region(),
                arn.account(),
                arn.resource() + STREAMS))
        .taggedAs(arn);
  }

  /** One action on a stream. */
  static Demand demand(String action, Named group, String stream) {
    Arn arn = group.arn();
    return Demand.on(
            action,
            new Arn(
                arn.partition(),
                arn.service(),
                arn.region(),
                arn.account(),
                arn.resource() + STREAMS + stream))
        .taggedAs(arn);
  }

  /** The group; of another region or account there is none here. */
  static LogGroup group(View view, Call call, Named named) {
    LogGroup group =
        named.account().equals(call.account()) && named.region().equals(call.region())
            ? LogTables.group(view, named.account(), named.region(), named.name())
            : null;
    if (group == null) {
      throw missingGroup();
    }
    return group;
  }

  static LogStream stream(View view, LogGroup group, String name) {
    LogStream stream = LogTables.stream(view, group.account(), group.region(), group.name(), name);
    if (stream == null) {
      throw LogsError.RESOURCE_NOT_FOUND.because("The specified log stream does not exist.");
    }
    return stream;
  }

  static ApiError missingGroup() {
    return LogsError.RESOURCE_NOT_FOUND.because("The specified log group does not exist.");
  }
}
