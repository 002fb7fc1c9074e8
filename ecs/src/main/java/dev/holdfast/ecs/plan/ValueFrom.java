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
        return new Refused("Secrets Manager comes later; put the secret into Parameter Store");
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
