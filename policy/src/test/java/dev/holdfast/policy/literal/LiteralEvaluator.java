// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy.literal;

import dev.holdfast.policy.Caller;
import dev.holdfast.policy.Caller.Kind;
import dev.holdfast.policy.Context;
import dev.holdfast.policy.Gate;
import dev.holdfast.policy.Layer;
import dev.holdfast.policy.PolicyDocument;
import dev.holdfast.policy.literal.LiteralCase.Asked;
import dev.holdfast.policy.literal.LiteralCase.Documents;
import dev.holdfast.policy.literal.LiteralDocument.Element;
import dev.holdfast.policy.literal.LiteralDocument.Statement;
import dev.holdfast.policy.literal.LiteralDocument.Test;
import dev.holdfast.policy.literal.LiteralPrincipals.How;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The decision, step by step.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html">Policy
 *     evaluation logic</a>
 */
public final class LiteralEvaluator {

  /** Of the three outcomes one, and the layers that may be named for it. */
  public record Verdict(Outcome outcome, Set<Layer> layers) {}

  /** What the simulator calls {@code EvalDecision}. */
  public enum Outcome {
    ALLOWED,
    IMPLICIT_DENY,
    EXPLICIT_DENY
  }

  /** Documents once they are read. */
  public record Read(
      List<LiteralDocument> identity,
      @Nullable LiteralDocument boundary,
      @Nullable List<LiteralDocument> session,
      @Nullable LiteralDocument resource,
      Gate gate,
      List<List<LiteralDocument>> serviceControl,
      List<List<LiteralDocument>> resourceControl) {}

  private final Read read;
  private final Asked asked;
  private final Context context;
  private final Set<Mutant> mutants;
  private final String inverted;

  private LiteralEvaluator(Read read, Asked asked, Set<Mutant> mutants, String inverted) {
    this.read = read;
    this.asked = asked;
    this.mutants = mutants;
    this.inverted = inverted;
    // A plain search that ignores case, key by key.
    this.context =
        wanted -> {
          for (Map.Entry<String, List<String>> key : asked.keys().entrySet()) {
            if (key.getKey().equalsIgnoreCase(wanted)) {
              return key.getValue();
            }
          }
          return null;
        };
  }

  /**
   * Reads all documents.
   *
   * @throws Refused where one of them is none
   */
  public static Read read(Documents documents) {
    String boundary = documents.boundary();
    List<String> session = documents.session();
    String resource = documents.resource();
    return new Read(
        all(documents.identity(), PolicyDocument.Kind.IDENTITY),
        boundary == null ? null : LiteralGrammar.parse(boundary, PolicyDocument.Kind.BOUNDARY),
        session == null ? null : all(session, PolicyDocument.Kind.SESSION),
        resource == null ? null : LiteralGrammar.parse(resource, kind(documents.gate())),
        documents.gate(),
        documents.serviceControl().stream()
            .map(level -> all(level, PolicyDocument.Kind.IDENTITY))
            .toList(),
        documents.resourceControl().stream()
            .map(level -> all(level, PolicyDocument.Kind.RESOURCE))
            .toList());
  }

  static PolicyDocument.Kind kind(Gate gate) {
    return gate == Gate.ROLE_TRUST ? PolicyDocument.Kind.TRUST : PolicyDocument.Kind.RESOURCE;
  }

  private static List<LiteralDocument> all(List<String> documents, PolicyDocument.Kind kind) {
    return documents.stream().map(document -> LiteralGrammar.parse(document, kind)).toList();
  }

  /** Decides, with the given faults. */
  public static Verdict decide(Read read, Asked asked, Set<Mutant> mutants) {
    return new LiteralEvaluator(read, asked, mutants, "").decide();
  }

  /** What would be decided if one operator answered the contrary, to see where it matters. */
  static Verdict inverted(Read read, Asked asked, String operator) {
    return new LiteralEvaluator(read, asked, Set.of(), operator).decide();
  }

  private Verdict decide() {
    Set<Layer> denying = denying();
    if (!denying.isEmpty()) {
      return new Verdict(Outcome.EXPLICIT_DENY, denying);
    }
    if (!organisationAllows()) {
      return new Verdict(Outcome.IMPLICIT_DENY, Set.of(Layer.SERVICE_CONTROL));
    }
    Set<Layer> missing = missing();
    return new Verdict(missing.isEmpty() ? Outcome.ALLOWED : Outcome.IMPLICIT_DENY, missing);
  }

  /** The layers that hold a Deny statement which applies. */
  private Set<Layer> denying() {
    Map<Layer, List<LiteralDocument>> layers = new EnumMap<>(Layer.class);
    layers.put(Layer.IDENTITY, read.identity());
    layers.put(Layer.BOUNDARY, optional(read.boundary()));
    layers.put(Layer.SESSION, read.session() == null ? List.of() : read.session());
    layers.put(resourceLayer(), optional(read.resource()));
    layers.put(Layer.SERVICE_CONTROL, flat(read.serviceControl()));
    layers.put(Layer.RESOURCE_CONTROL, flat(read.resourceControl()));
    if (mutants.contains(Mutant.DENY_IN_IDENTITY_ONLY)) {
      layers.keySet().removeIf(layer -> layer != Layer.IDENTITY);
    }
    if (mutants.contains(Mutant.RESOURCE_CONTROL_IGNORED)) {
      layers.remove(Layer.RESOURCE_CONTROL);
    }
    Set<Layer> denying = EnumSet.noneOf(Layer.class);
    layers.forEach(
        (layer, documents) -> {
          for (LiteralDocument document : documents) {
            for (Statement statement : document.statements()) {
              if (!statement.allow() && applies(document, statement)) {
                denying.add(layer);
              }
            }
          }
        });
    return denying;
  }

  private Layer resourceLayer() {
    return read.gate() == Gate.ROLE_TRUST ? Layer.ROLE_TRUST : Layer.RESOURCE;
  }

  private static List<LiteralDocument> optional(@Nullable LiteralDocument document) {
    return document == null ? List.of() : List.of(document);
  }

  private static List<LiteralDocument> flat(List<List<LiteralDocument>> levels) {
    var all = new ArrayList<LiteralDocument>();
    levels.forEach(all::addAll);
    return all;
  }

  /** Each level from the root to the account must allow. */
  private boolean organisationAllows() {
    boolean every = true;
    boolean any = read.serviceControl().isEmpty();
    for (List<LiteralDocument> level : read.serviceControl()) {
      every &= allows(level);
      any |= allows(level);
    }
    return mutants.contains(Mutant.ONE_LEVEL_ALLOWS) ? any : every;
  }

  /** Empty where the request is allowed; else the layers whose Allow is wanting. */
  private Set<Layer> missing() {
    Caller caller = asked.caller();
    Set<How> how = named();
    if (caller.kind() == Kind.SERVICE
        || caller.kind() == Kind.PROVIDER
        || caller.kind() == Kind.ANONYMOUS) {
      return how.isEmpty() ? EnumSet.of(resourceLayer()) : EnumSet.noneOf(Layer.class);
    }
    boolean across = !caller.account().equals(asked.owner());
    boolean gated = read.gate() != Gate.NONE && !mutants.contains(Mutant.KEY_POLICY_IS_NO_GATE);
    // Key policies and role trust policies must allow explicitly, the root user too.
    if (caller.kind() == Kind.ROOT
        && !across
        && (read.gate() == Gate.NONE || mutants.contains(Mutant.ROOT_OPENS_KEYS))) {
      return EnumSet.noneOf(Layer.class);
    }
    return across ? missingAcross(how) : missingWithin(how, gated);
  }

  /** Between accounts both sides must allow. */
  private Set<Layer> missingAcross(Set<How> how) {
    boolean alone = mutants.contains(Mutant.RESOURCE_ALONE_ACROSS_ACCOUNTS) && !how.isEmpty();
    Set<Layer> missing = alone ? EnumSet.noneOf(Layer.class) : identityPath();
    if (how.isEmpty()) {
      missing.add(resourceLayer());
    }
    return missing;
  }

  /** Within an account either side may allow, or the resource's alone decides. */
  private Set<Layer> missingWithin(Set<How> how, boolean gated) {
    Set<Layer> path = identityPath();
    if (how.contains(How.DIRECT)
        || (how.contains(How.ACCOUNT) && mutants.contains(Mutant.ACCOUNT_IS_DIRECT))) {
      return EnumSet.noneOf(Layer.class);
    }
    if (how.contains(How.ROLE)) {
      Set<Layer> limits = limits();
      if (limits.isEmpty() || mutants.contains(Mutant.ROLE_IS_DIRECT)) {
        return EnumSet.noneOf(Layer.class);
      }
      // What a resource policy grants to the role lacks these; the other way may lack more.
      path.addAll(limits);
    }
    if (gated && !how.contains(How.ACCOUNT)) {
      path.add(resourceLayer());
    }
    return path;
  }

  /** The layers that keep the caller's own policies from allowing. */
  private Set<Layer> identityPath() {
    Set<Layer> missing = limits();
    boolean bounded = read.boundary() != null && allows(optional(read.boundary()));
    boolean sessions = read.session() != null && allows(read.session());
    // The root user has full access to what its account may do.
    boolean granted =
        asked.caller().kind() == Kind.ROOT
            || allows(read.identity())
            || (mutants.contains(Mutant.BOUNDARY_GRANTS) && bounded)
            || (mutants.contains(Mutant.SESSION_UNITES) && sessions);
    if (!granted) {
      missing.add(Layer.IDENTITY);
    }
    return missing;
  }

  /** Boundary and session policies, where there are any and they do not allow. */
  private Set<Layer> limits() {
    Set<Layer> missing = EnumSet.noneOf(Layer.class);
    if (read.boundary() != null
        && !allows(optional(read.boundary()))
        && !mutants.contains(Mutant.BOUNDARY_IGNORED)) {
      missing.add(Layer.BOUNDARY);
    }
    boolean federated =
        asked.caller().kind() == Kind.FEDERATED && !mutants.contains(Mutant.FEDERATED_INHERITS);
    boolean none = read.session() == null ? federated : !allows(read.session());
    if (none && !mutants.contains(Mutant.SESSION_UNITES)) {
      missing.add(Layer.SESSION);
    }
    return missing;
  }

  /** How the Allow statements of the resource's policy that apply name the caller. */
  private Set<How> named() {
    Set<How> ways = EnumSet.noneOf(How.class);
    LiteralDocument document = read.resource();
    if (document != null) {
      for (Statement statement : document.statements()) {
        Element principals = statement.principals();
        // Whom a provider vouches for must be allowed by that provider's name.
        boolean named =
            asked.caller().kind() != Kind.PROVIDER
                || (principals != null
                    && principals.entries().contains("Federated " + asked.caller().arn()));
        if (statement.allow() && principals != null && named && applies(document, statement)) {
          ways.addAll(LiteralPrincipals.ways(principals.entries(), asked.caller(), mutants));
        }
      }
    }
    return ways;
  }

  private boolean allows(List<LiteralDocument> documents) {
    for (LiteralDocument document : documents) {
      for (Statement statement : document.statements()) {
        if (statement.allow() && applies(document, statement)) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean applies(LiteralDocument document, Statement statement) {
    if (!principal(statement) || !action(statement) || !resource(document, statement)) {
      return false;
    }
    for (Test test : statement.tests()) {
      boolean contrary = LiteralOperator.plain(test.operator()).equals(inverted);
      if (LiteralConditions.holds(test, variables(document), context, mutants) == contrary) {
        return false;
      }
    }
    return true;
  }

  private boolean variables(LiteralDocument document) {
    return (document.variables() || mutants.contains(Mutant.VARIABLES_ALWAYS))
        && !mutants.contains(Mutant.VARIABLES_NEVER);
  }

  private boolean principal(Statement statement) {
    Element principals = statement.principals();
    if (principals == null) {
      return true;
    }
    if (!principals.not()) {
      return !LiteralPrincipals.ways(principals.entries(), asked.caller(), mutants).isEmpty();
    }
    boolean bounded =
        read.boundary() != null && !mutants.contains(Mutant.NOT_PRINCIPAL_SPARES_BOUNDED);
    return bounded || !LiteralPrincipals.exempt(principals, asked.caller(), mutants);
  }

  private boolean action(Statement statement) {
    boolean listed = false;
    for (String pattern : statement.actions().entries()) {
      boolean cased = mutants.contains(Mutant.ACTIONS_HAVE_CASE);
      String one = cased ? pattern : pattern.toLowerCase(Locale.ROOT);
      String wanted = cased ? asked.action() : asked.action().toLowerCase(Locale.ROOT);
      LiteralPattern glob = LiteralPattern.of(one, false, context, Set.of());
      listed |= glob != null && glob.matches(wanted);
    }
    boolean not = statement.actions().not() && !mutants.contains(Mutant.NOT_ACTION_INVERTED);
    return listed != not;
  }

  private boolean resource(LiteralDocument document, Statement statement) {
    Element resources = statement.resources();
    if (resources == null) {
      return true;
    }
    boolean listed = false;
    for (String pattern : resources.entries()) {
      listed |= pattern.equals("*") || arn(document, pattern);
    }
    boolean not = resources.not() && !mutants.contains(Mutant.NOT_RESOURCE_INVERTED);
    return listed != not;
  }

  private boolean arn(LiteralDocument document, String pattern) {
    if (asked.resource().equals("*")) {
      return false;
    }
    LiteralPattern glob = LiteralPattern.of(pattern, variables(document), context, mutants);
    return glob != null && glob.matchesResource(asked.resource(), mutants);
  }
}
