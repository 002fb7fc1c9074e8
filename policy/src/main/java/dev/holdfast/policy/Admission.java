// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy;

import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.JsonValue.JsonString;
import dev.holdfast.policy.PolicyDocument.Kind;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a document that is to be saved must be beyond its grammar: it names nothing that can never
 * be, such as another partition, since a Deny of it would be void. Documents that were saved before
 * these rules go on to mean what they meant.
 */
final class Admission {
  /** What whoever a role trusts can do. */
  private static final List<String> TRUSTED =
      List.of(
          "sts:assumerole",
          "sts:assumerolewithsaml",
          "sts:assumerolewithwebidentity",
          "sts:tagsession",
          "sts:setsourceidentity",
          "sts:setcontext");

  private static final Pattern DOMAIN = Pattern.compile("[a-z0-9-]+(\\.[a-z0-9-]+)+");
  private static final Pattern OWN_PROVIDER =
      Pattern.compile("arn:aws:iam::[0-9]{12}:(oidc|saml)-provider/[!-~]+");
  private static final Pattern OTHER_PARTITION = Pattern.compile("arn:(?!aws:)[^:]*:.*");

  private Admission() {}

  /**
   * Checks a document.
   *
   * @throws MalformedPolicy with AWS's words
   */
  static void require(PolicyDocument document) {
    for (JsonObject statement : DocumentParser.statements(document.tree())) {
      each(statement.get("Resource"), Admission::requireResource);
      each(statement.get("NotResource"), Admission::requireResource);
      requirePrincipals(statement.get("Principal"));
      requirePrincipals(statement.get("NotPrincipal"));
      if (document.kind() == Kind.TRUST) {
        each(statement.get("Action"), Admission::requireTrusted);
      }
    }
  }

  private static void each(@Nullable JsonValue value, Consumer<String> rule) {
    switch (value) {
      case JsonString(var text) -> rule.accept(text);
      case JsonArray(var items) -> items.forEach(item -> each(item, rule));
      case null, default -> {}
    }
  }

  private static void requireResource(String text) {
    String[] parts = text.split(":", 5);
    if (parts.length > 1 && isPlain(parts[1]) && !parts[1].equals("aws")) {
      throw new MalformedPolicy(
          "Partition \"" + parts[1] + "\" is not valid for resource \"" + text + "\".",
          "a resource is of another partition");
    }
    boolean regional = parts.length == 5 && isPlain(parts[3]) && !parts[3].isEmpty();
    if (regional && parts[2].equals("iam")) {
      throw new MalformedPolicy(
          "IAM resource " + text + " cannot contain region information.",
          "a resource of IAM names a region");
    }
  }

  private static boolean isPlain(String part) {
    return part.indexOf('*') < 0 && part.indexOf('?') < 0 && part.indexOf('$') < 0;
  }

  private static void requirePrincipals(@Nullable JsonValue principals) {
    if (principals instanceof JsonObject types) {
      each(types.get("AWS"), Admission::requirePrincipal);
      each(types.get("Federated"), Admission::requireProvider);
    }
  }

  private static void requirePrincipal(String entry) {
    if (OTHER_PARTITION.matcher(entry).matches()) {
      throw Principals.invalid("AWS", entry);
    }
  }

  /** A provider that AWS knows by its domain, or one of an account. */
  private static void requireProvider(String entry) {
    if (!DOMAIN.matcher(entry).matches() && !OWN_PROVIDER.matcher(entry).matches()) {
      throw new MalformedPolicy(
          "Federated principals must be valid domain names or SAML metadata ARNs",
          "an unknown identity provider");
    }
  }

  private static void requireTrusted(String action) {
    var pattern = new Glob(Template.parse(Context.fold(action), false, true).tokens());
    if (TRUSTED.stream().noneMatch(pattern::matches)) {
      throw new MalformedPolicy(
          "AssumeRole policy may only specify STS AssumeRole actions.",
          "an action that nobody who is trusted takes");
    }
  }
}
