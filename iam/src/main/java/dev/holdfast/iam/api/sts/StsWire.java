// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.sts;

import com.google.errorprone.annotations.FormatMethod;
import dev.holdfast.aws.CommonError;
import dev.holdfast.aws.Protocol;
import dev.holdfast.aws.sts.AssumedRoleUser;
import dev.holdfast.aws.sts.Credentials;
import dev.holdfast.aws.sts.Tag;
import dev.holdfast.iam.control.IssuedSession;
import dev.holdfast.iam.model.RoleFacts;
import dev.holdfast.kit.Arn;
import dev.holdfast.service.Tags;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

/** STS's inputs read, and its shapes made. */
final class StsWire {
  private StsWire() {}

  static Credentials credentials(IssuedSession session) {
    var keys = session.credentials();
    return Credentials.builder()
        .accessKeyId(keys.accessKeyId())
        .secretAccessKey(keys.secretAccessKey())
        .sessionToken(Objects.requireNonNull(keys.sessionToken()))
        .expiration(session.expires())
        .build();
  }

  /** The session of a role that was opened. */
  static AssumedRoleUser assumed(RoleFacts role, String name) {
    return AssumedRoleUser.builder()
        .assumedRoleId(role.id() + ":" + name)
        .arn(
            Arn.global("sts", role.account(), "assumed-role/" + role.name() + "/" + name)
                .toString())
        .build();
  }

  /** The ARN of a role as a request gives it. */
  static Arn roleArn(String text) {
    return Arn.parse(text)
        .filter(arn -> arn.service().equals("iam") && arn.resource().startsWith("role/"))
        .orElseThrow(() -> invalid("%s is invalid", text));
  }

  /** The session tags of a request. */
  static Map<String, String> tags(List<Tag> tags) {
    var keys = new TreeSet<String>();
    for (Tag tag : tags) {
      if (!keys.add(tag.key().toLowerCase(Locale.ROOT))) {
        throw invalid(
            "Duplicate tag keys found. Please note that Tag keys are case insensitive.%s", "");
      }
    }
    Map<String, String> given = Tags.map(tags, Tag::key, Tag::value);
    Tags.fault(given)
        .ifPresent(
            fault -> {
              throw invalid("%s", fault);
            });
    return given;
  }

  @FormatMethod
  static RuntimeException invalid(String format, Object... arguments) {
    return CommonError.VALIDATION.in(Protocol.QUERY).because(format, arguments);
  }
}
