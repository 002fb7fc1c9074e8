// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy.literal;

import static dev.holdfast.policy.literal.LiteralGrammar.require;

import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.JsonValue.JsonString;
import dev.holdfast.policy.Caller;
import dev.holdfast.policy.Caller.Kind;
import dev.holdfast.policy.literal.LiteralDocument.Element;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who is meant by a Principal element.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html">Principal</a>
 */
final class LiteralPrincipals {
  /** How a statement names a caller. */
  enum How {
    /** By its own name, or as one of everybody. */
    DIRECT,
    /** By the role of the session, or by the user that federated. */
    ROLE,
    /** By its account. */
    ACCOUNT
  }

  private static final String NAME = "[A-Za-z0-9+=,.@_-]+";
  private static final String PATH = "(/|/[!-~&&[^*?]]*/)";

  private LiteralPrincipals() {}

  /** The entries of the element, each {@code TYPE name}. */
  static List<String> entries(@Nullable JsonValue value) {
    if (value instanceof JsonString(var all)) {
      require(all.equals("*"), "a principal of no type");
      return List.of("AWS *");
    }
    Map<String, JsonValue> types = value instanceof JsonObject(var members) ? members : Map.of();
    require(!types.isEmpty(), "no principals");
    var entries = new ArrayList<String>();
    types.forEach(
        (type, names) -> {
          for (String name : LiteralGrammar.strings(names)) {
            requireName(type, name);
            entries.add(type + " " + name);
          }
        });
    return entries;
  }

  private static void requireName(String type, String name) {
    switch (type) {
      case "AWS" ->
          require(
              name.equals("*")
                  || name.matches("[0-9]{12}")
                  || name.matches("A[A-Z0-9]{15,}")
                  || name.matches("arn:aws:iam::[0-9]{12}:root")
                  || name.matches("arn:aws:iam::[0-9]{12}:(user|role)" + PATH + NAME)
                  || name.matches("arn:aws:sts::[0-9]{12}:assumed-role/" + NAME + "/" + NAME)
                  || name.matches("arn:aws:sts::[0-9]{12}:federated-user/" + NAME),
              "an AWS principal");
      case "Service" -> require(name.matches("[a-z0-9-]+(\\.[a-z0-9-]+)+"), "a service");
      case "Federated" ->
          require(
              name.matches("[a-z0-9-]+(\\.[a-z0-9-]+)+")
                  || name.matches("arn:aws:iam::[0-9]{12}:(oidc|saml)-provider/[!-~&&[^*?]]+"),
              "a provider");
      // CanonicalUser is known to S3 alone.
      default -> throw new Refused("a principal type");
    }
  }

  /** All the ways in which the entries name the caller. */
  static Set<How> ways(List<String> entries, Caller caller, Set<Mutant> mutants) {
    Set<How> ways = EnumSet.noneOf(How.class);
    for (String entry : entries) {
      String type = entry.substring(0, entry.indexOf(' '));
      String name = entry.substring(entry.indexOf(' ') + 1);
      if (entry.equals("AWS *")) {
        ways.add(How.DIRECT);
      }
      if (type.equals("Service") && caller.kind() == Kind.SERVICE && name.equals(caller.arn())) {
        ways.add(How.DIRECT);
      }
      if (type.equals("Federated") && caller.kind() == Kind.PROVIDER && name.equals(caller.arn())) {
        ways.add(How.DIRECT);
      }
      if (type.equals("AWS") && isMember(caller)) {
        aws(name, caller, ways, mutants);
      }
    }
    return ways;
  }

  private static boolean isMember(Caller caller) {
    return switch (caller.kind()) {
      case ROOT, USER, ROLE_SESSION, FEDERATED -> true;
      case SERVICE, PROVIDER, ANONYMOUS -> false;
    };
  }

  private static void aws(String name, Caller caller, Set<How> ways, Set<Mutant> mutants) {
    if (isAccount(name, caller)) {
      ways.add(How.ACCOUNT);
    }
    if (caller.kind() == Kind.ROOT) {
      return;
    }
    if (name.equals(caller.arn())) {
      ways.add(How.DIRECT);
    }
    if (name.equals(caller.issuerArn())) {
      ways.add(How.ROLE);
    }
    if (name.equals(caller.uniqueId()) && !mutants.contains(Mutant.UNIQUE_ID_IGNORED)) {
      ways.add(caller.kind() == Kind.USER ? How.DIRECT : How.ROLE);
    }
  }

  private static boolean isAccount(String name, Caller caller) {
    return name.equals(caller.account())
        || name.equals("arn:aws:iam::" + caller.account() + ":root");
  }

  /**
   * Whether a NotPrincipal element leaves the caller alone: every member of its chain is listed.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html">NotPrincipal</a>
   */
  static boolean exempt(Element element, Caller caller, Set<Mutant> mutants) {
    Set<How> ways = ways(element.entries(), caller, mutants);
    if (element.entries().contains("AWS *")) {
      return true;
    }
    if (!isMember(caller)) {
      return !ways.isEmpty();
    }
    if (mutants.contains(Mutant.NOT_PRINCIPAL_ANY_OF_CHAIN)) {
      return !ways.isEmpty();
    }
    boolean account = ways.contains(How.ACCOUNT);
    boolean own = ways.contains(How.DIRECT);
    boolean issuer = ways.contains(How.ROLE) || caller.issuerArn() == null;
    return switch (caller.kind()) {
      case ROOT -> account;
      case USER -> account && own;
      default -> account && own && issuer;
    };
  }
}
