// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a Principal or NotPrincipal element.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html">Principal</a>
 */
final class Principals {

  /** How directly an element names a caller, from not at all upwards. */
  enum Grade {
    NONE,
    /** The account is named: it may delegate through identity policies. */
    ACCOUNT,
    /** The issuer of the session is named: boundary and session policy still limit. */
    ROLE,
    /** The caller, or everybody, is named. */
    DIRECT
  }

  private final boolean everyone;
  private final Set<String> aws = new LinkedHashSet<>();
  private final Set<String> services;
  private final Set<String> federated;

  /**
   * Compiles an element.
   *
   * @param aws entries under {@code AWS}, as written
   * @throws MalformedPolicy for an entry that names nobody
   */
  Principals(boolean everyone, List<String> aws, List<String> services, List<String> federated) {
    boolean all = everyone;
    for (String entry : aws) {
      String account = account(entry);
      if (entry.equals("*")) {
        all = true;
      } else if (account != null) {
        this.aws.add(account);
      } else if (names(entry)) {
        this.aws.add(entry);
      } else {
        throw invalid("AWS", entry);
      }
    }
    services.forEach(Principals::requireService);
    federated.forEach(entry -> requirePlain("Federated", entry));
    this.everyone = all;
    this.services = Set.copyOf(services);
    this.federated = Set.copyOf(federated);
  }

  static MalformedPolicy invalid(String type, String entry) {
    return new MalformedPolicy(
        "Invalid principal in policy: \"" + type.toUpperCase(Locale.ROOT) + "\":\"" + entry + "\"",
        "an unknown principal");
  }

  /** The name of a service, such as {@code ecs-tasks.amazonaws.com}. */
  private static void requireService(String entry) {
    String[] labels = entry.split("\\.", -1);
    boolean host = labels.length > 1;
    for (String label : labels) {
      host &= !label.isEmpty() && label.chars().allMatch(Principals::inLabel);
    }
    if (!host) {
      throw invalid("Service", entry);
    }
  }

  private static boolean inLabel(int c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  }

  private static void requirePlain(String type, String entry) {
    if (entry.isBlank() || entry.indexOf('*') >= 0 || entry.indexOf('?') >= 0) {
      throw invalid(type, entry);
    }
  }

  /** The account an entry stands for, written as digits or as its root's ARN; else null. */
  static @Nullable String account(String entry) {
    if (digits(entry)) {
      return entry;
    }
    String[] parts = entry.split(":", 6);
    boolean root =
        parts.length == 6
            && parts[0].equals("arn")
            && parts[1].chars().allMatch(Principals::inLabel)
            && parts[2].equals("iam")
            && parts[3].isEmpty()
            && digits(parts[4])
            && parts[5].equals("root");
    return root ? parts[4] : null;
  }

  private static boolean digits(String text) {
    return text.length() == 12 && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static boolean names(String entry) {
    if (entry.indexOf('*') >= 0 || entry.indexOf('?') >= 0) {
      return false;
    }
    String[] parts = entry.split(":", 6);
    if (parts.length != 6) {
      return uniqueId(entry);
    }
    boolean global = parts[0].equals("arn") && !parts[1].isEmpty() && parts[3].isEmpty();
    boolean plain =
        parts[1].chars().allMatch(Principals::inLabel)
            && parts[5].chars().allMatch(c -> c > ' ' && c <= '~');
    if (!global || !plain || !digits(parts[4])) {
      return false;
    }
    return switch (parts[2]) {
      case "iam" -> endsInName(parts[5], "user/") || endsInName(parts[5], "role/");
      case "sts" ->
          ofNames(parts[5], "assumed-role/", 2) || ofNames(parts[5], "federated-user/", 1);
      default -> false;
    };
  }

  /** Whether a name stands at the end, perhaps behind a path. */
  private static boolean endsInName(String resource, String prefix) {
    return resource.startsWith(prefix) && name(resource.substring(resource.lastIndexOf('/') + 1));
  }

  /** Whether so many names stand behind the prefix, between slashes. */
  private static boolean ofNames(String resource, String prefix, int count) {
    if (!resource.startsWith(prefix)) {
      return false;
    }
    String[] names = resource.substring(prefix.length()).split("/", -1);
    boolean all = names.length == count;
    for (String each : names) {
      all &= name(each);
    }
    return all;
  }

  private static boolean name(String text) {
    return !text.isEmpty() && text.chars().allMatch(Principals::inName);
  }

  private static boolean inName(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "_+=,.@-".indexOf(c) >= 0;
  }

  /** Whether an entry is the unique id of a user or role, as saved policies hold. */
  private static boolean uniqueId(String entry) {
    return entry.length() >= 16
        && entry.length() <= 128
        && (entry.startsWith("AIDA") || entry.startsWith("AROA"))
        && entry.chars().allMatch(c -> (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'));
  }

  /** How the entries name the caller, taken as a Principal element. */
  Grade grade(Caller caller) {
    if (everyone) {
      return Grade.DIRECT;
    }
    return switch (caller.kind()) {
      case ROOT -> aws.contains(caller.account()) ? Grade.DIRECT : Grade.NONE;
      case USER -> named(caller.arn(), caller.uniqueId()) ? Grade.DIRECT : delegated(caller);
      case ROLE_SESSION, FEDERATED -> {
        if (aws.contains(caller.arn())) {
          yield Grade.DIRECT;
        }
        yield named(caller.issuerArn(), caller.uniqueId()) ? Grade.ROLE : delegated(caller);
      }
      case SERVICE -> services.contains(caller.arn()) ? Grade.DIRECT : Grade.NONE;
      case PROVIDER -> federated.contains(caller.arn()) ? Grade.DIRECT : Grade.NONE;
      case ANONYMOUS -> Grade.NONE;
    };
  }

  /**
   * How an Allow names somebody whom an identity provider vouches for: by the provider alone. Who
   * says {@code *} means AWS's own principals, and a provider may vouch for the whole world.
   */
  Grade vouched(Caller caller) {
    return federated.contains(caller.arn()) ? Grade.DIRECT : Grade.NONE;
  }

  private Grade delegated(Caller caller) {
    return aws.contains(caller.account()) ? Grade.ACCOUNT : Grade.NONE;
  }

  private boolean named(@Nullable String arn, String uniqueId) {
    return (arn != null && aws.contains(arn)) || (!uniqueId.isEmpty() && aws.contains(uniqueId));
  }

  /** Whether, as a NotPrincipal element, the entries list every member of the caller's chain. */
  boolean exempts(Caller caller) {
    if (everyone) {
      return true;
    }
    boolean account = aws.contains(caller.account());
    return switch (caller.kind()) {
      case ROOT -> account;
      case USER -> account && named(caller.arn(), caller.uniqueId());
      case ROLE_SESSION, FEDERATED -> {
        // The root user's federated sessions have nobody between them and the account.
        boolean none = caller.issuerArn() == null && caller.uniqueId().isEmpty();
        boolean issuer = none || named(caller.issuerArn(), caller.uniqueId());
        yield account && issuer && aws.contains(caller.arn());
      }
      case SERVICE -> services.contains(caller.arn());
      case PROVIDER -> federated.contains(caller.arn());
      case ANONYMOUS -> false;
    };
  }
}
