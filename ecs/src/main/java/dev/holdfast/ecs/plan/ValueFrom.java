// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.plan;

import dev.holdfast.kit.Arn;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the {@code valueFrom} of a container's secret names. */
public sealed interface ValueFrom {

  /**
   * A parameter of the task's own account and region.
   *
   * @param selector a version or label as written, or null
   */
  record Parameter(String name, @Nullable String selector) implements ValueFrom {
    public boolean pattern() {
      return name.indexOf('*') >= 0;
    }
  }

  /** A parameter of another account or region, asked for as written. */
  record Elsewhere(String arn, String region) implements ValueFrom {}

  /**
   * A secret of Secrets Manager.
   *
   * @param arn of the secret alone: complete, or without its random characters
   * @param own whether it is of the task's own account and region
   * @param key of the JSON object that the value is, or null for the whole value
   * @param stage a staging label, or null
   * @param version a version's id, or null
   */
  record Secret(
      String arn,
      String region,
      boolean own,
      @Nullable String key,
      @Nullable String stage,
      @Nullable String version)
      implements ValueFrom {

    /** The reference to exactly that version of exactly that secret, with this one's key. */
    public String pinned(String fullArn, String versionId) {
      return fullArn + ":" + (key == null ? "" : key) + "::" + versionId;
    }
  }

  /** What is not served or not well-formed; the text says what to do. */
  record Refused(String text) implements ValueFrom {}

  /** What is wrong with a {@code valueFrom} whoever uses it, or empty. */
  static Optional<String> fault(String text) {
    Arn arn = Arn.parse(text).orElse(null);
    ValueFrom read = arn == null ? parse(text, "", "") : parse(text, arn.account(), arn.region());
    return read instanceof Refused(var why) ? Optional.of(why) : Optional.empty();
  }

  /** Reads a {@code valueFrom} for a task of that account and region. */
  static ValueFrom parse(String text, String account, String region) {
    Optional<Arn> arn = text.startsWith("arn:") ? Arn.parse(text) : Optional.empty();
    if (text.startsWith("arn:")) {
      if (arn.isEmpty()) {
        return new Refused("`" + text + "` is not an ARN");
      }
      Arn given = arn.get();
      if (given.service().equals("secretsmanager")) {
        return secret(
            text, given, given.account().equals(account) && given.region().equals(region));
      }
      if (!given.service().equals("ssm") || !given.resource().startsWith("parameter/")) {
        return new Refused("`" + text + "` names no parameter");
      }
      if (!given.account().equals(account) || !given.region().equals(region)) {
        return given.resource().indexOf('*') >= 0
            ? new Refused("a pattern stands for parameters of the task's own account and region")
            : new Elsewhere(text, given.region());
      }
      String rest = given.resource().substring("parameter/".length());
      return name(rest.indexOf('/') >= 0 ? "/" + rest : rest);
    }
    return name(text);
  }

  private static ValueFrom secret(String text, Arn given, boolean own) {
    String[] parts = given.resource().split(":", -1);
    if (!parts[0].equals("secret") || parts.length == 1 || parts[1].isEmpty()) {
      return new Refused("`" + text + "` names no secret");
    }
    if (parts.length != 2 && parts.length != 5) {
      return new Refused(
          "`"
              + text
              + "`: behind a secret's ARN come all of `:json-key:version-stage:version-id` or"
              + " nothing; what is not needed is left empty, as in `:password::`");
    }
    if (parts[1].indexOf('*') >= 0) {
      return new Refused(
          "`" + text + "`: patterns stand for parameters; a secret is named by its whole ARN");
    }
    String arn =
        text.substring(0, text.length() - given.resource().length()) + "secret:" + parts[1];
    boolean plain = parts.length == 2;
    return new Secret(
        arn,
        given.region(),
        own,
        plain ? null : given(parts[2]),
        plain ? null : given(parts[3]),
        plain ? null : given(parts[4]));
  }

  private static @Nullable String given(String text) {
    return text.isEmpty() ? null : text;
  }

  private static ValueFrom name(String text) {
    int colon = text.indexOf(':');
    String name = colon < 0 ? text : text.substring(0, colon);
    String selector = colon < 0 ? null : text.substring(colon + 1);
    if (name.isEmpty()) {
      return new Refused("a secret's `valueFrom` names a parameter");
    }
    int star = name.indexOf('*');
    if (star < 0) {
      return new Parameter(name, selector);
    }
    boolean level =
        star > 0
            && name.charAt(star - 1) == '/'
            && (star == name.length() - 1 || name.charAt(star + 1) == '/');
    if (!level || name.indexOf('*', star + 1) >= 0) {
      return new Refused(
          "`"
              + text
              + "`: a pattern holds one `*`, for one whole level, as in `/shop/*/db-password`");
    }
    return selector == null
        ? new Parameter(name, null)
        : new Refused("`" + text + "`: a pattern takes no version; the newest one is chosen");
  }
}
