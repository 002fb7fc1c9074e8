// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy;

import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.JsonValue.JsonString;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Proposes the least identity policies that still allow what was used. Pure. What cannot be told to
 * be unused stays: conditions, denies, resources with variables, NotResource.
 */
public final class Shrink {
  /** More resources of one action than these are not listed; the patterns they match stay. */
  private static final int MOST_RESOURCES = 20;

  /** An action and the resource it was allowed on, {@code *} for none. */
  public record Use(String action, String resource) {}

  /** What becomes of a statement. */
  public enum What {
    KEPT,
    NARROWED,
    DROPPED
  }

  /**
   * What becomes of a statement, and why.
   *
   * @param statement its place in the document, from 0
   */
  public record Change(int statement, @Nullable String sid, What what, String why) {}

  /**
   * What is proposed for a policy.
   *
   * @param document null where nothing of it was used
   */
  public record Proposal(
      NamedPolicy policy, @Nullable PolicyDocument document, List<Change> changes) {
    public Proposal {
      changes = List.copyOf(changes);
    }

    /** Whether it differs from the policy as it is. */
    public boolean changed() {
      return changes.stream().anyMatch(change -> change.what() != What.KEPT);
    }
  }

  /** The uses of one statement: resources by action; null where they are not known. */
  private static final class Needs {
    private final Map<String, @Nullable Set<String>> byAction = new TreeMap<>();

    void add(Use use) {
      Set<String> known = byAction.computeIfAbsent(use.action(), _ -> new TreeSet<>());
      if (known != null) {
        known.add(use.resource());
      }
    }

    void whole(String action) {
      byAction.put(action, null);
    }
  }

  private final List<NamedPolicy> policies;
  private final Map<Statement, Needs> needs = new HashMap<>();

  private Shrink(List<NamedPolicy> policies) {
    this.policies = policies;
  }

  /**
   * A proposal for each policy.
   *
   * @param unresolved actions that were used on resources nobody knows
   */
  public static List<Proposal> of(
      List<NamedPolicy> policies, Set<Use> uses, Set<String> unresolved) {
    var shrink = new Shrink(policies);
    for (Use use : new LinkedHashSet<>(uses)) {
      if (!unresolved.contains(use.action())) {
        shrink.assign(use);
      }
    }
    unresolved.forEach(shrink::assignWhole);
    return policies.stream().map(shrink::proposal).toList();
  }

  /** To the first statement that allows it whatever else holds; else to all that may. */
  private void assign(Use use) {
    String action = Context.fold(use.action());
    var may = new ArrayList<Statement>();
    for (NamedPolicy policy : policies) {
      for (Statement statement : policy.document().statements()) {
        if (statement.effect() == Effect.ALLOW && statement.coversAction(action)) {
          if (isFixed(statement)) {
            if (statement.resources().cover(use.resource(), Context.EMPTY)) {
              if (statement.conditions().isEmpty()) {
                needsOf(statement).add(use);
                return;
              }
              may.add(statement);
            }
          } else {
            may.add(statement);
          }
        }
      }
    }
    may.forEach(statement -> needsOf(statement).add(use));
  }

  private void assignWhole(String action) {
    String folded = Context.fold(action);
    for (NamedPolicy policy : policies) {
      for (Statement statement : policy.document().statements()) {
        if (statement.effect() == Effect.ALLOW && statement.coversAction(folded)) {
          needsOf(statement).whole(action);
        }
      }
    }
  }

  private Needs needsOf(Statement statement) {
    return needs.computeIfAbsent(statement, _ -> new Needs());
  }

  /** Whether its resources mean the same in every request. */
  private static boolean isFixed(Statement statement) {
    return statement.resources().patterns().stream().allMatch(p -> p.template().constant());
  }

  private Proposal proposal(NamedPolicy policy) {
    PolicyDocument document = policy.document();
    List<JsonObject> written = DocumentParser.statements(document.tree());
    var statements = new ArrayList<JsonValue>();
    var changes = new ArrayList<Change>();
    for (Statement statement : document.statements()) {
      JsonObject old = written.get(statement.index());
      Needs used = needs.get(statement);
      if (statement.effect() == Effect.DENY) {
        statements.add(old);
        changes.add(change(statement, What.KEPT, "it denies"));
      } else if (used == null) {
        changes.add(change(statement, What.DROPPED, "nothing it allows was used"));
      } else {
        List<JsonObject> narrow = narrowed(statement, old, used);
        statements.addAll(narrow);
        changes.add(
            narrow.size() == 1 && alike(narrow.getFirst(), old)
                ? change(statement, What.KEPT, "it allows nothing else" + conditions(statement))
                : change(statement, What.NARROWED, why(statement)));
      }
    }
    if (statements.isEmpty()) {
      return new Proposal(policy, null, changes);
    }
    JsonObject tree = JsonObject.EMPTY;
    for (var member : document.tree().members().entrySet()) {
      tree =
          tree.with(
              member.getKey(),
              member.getKey().equals("Statement") ? new JsonArray(statements) : member.getValue());
    }
    return new Proposal(policy, DocumentParser.parse(tree, document.kind()), changes);
  }

  private static Change change(Statement statement, What what, String why) {
    return new Change(statement.index(), statement.sid(), what, why);
  }

  private static String why(Statement statement) {
    String kept =
        statement.resources().not()
            ? "; NotResource stays, as it cannot be narrowed"
            : isFixed(statement) ? "" : "; its resources stay, as they hold variables";
    return "to what was used" + kept + conditions(statement);
  }

  private static String conditions(Statement statement) {
    return statement.conditions().isEmpty() ? "" : "; its conditions stay";
  }

  private static boolean alike(JsonObject one, JsonObject other) {
    return Set.of("Action", "Resource", "NotAction", "NotResource").stream()
        .allMatch(key -> set(one.get(key)).equals(set(other.get(key))));
  }

  private static Set<String> set(@Nullable JsonValue value) {
    List<String> texts = value == null ? null : DocumentParser.strings(value);
    return texts == null ? Set.of() : new HashSet<>(texts);
  }

  /** Statements in place of one: actions with the same resources stand together. */
  private static List<JsonObject> narrowed(Statement statement, JsonObject old, Needs used) {
    var groups = new LinkedHashMap<List<String>, List<String>>();
    used.byAction.forEach(
        (action, resources) ->
            groups
                .computeIfAbsent(resources(statement, old, resources), _ -> new ArrayList<>())
                .add(action));
    var statements = new ArrayList<JsonObject>();
    groups.forEach(
        (resources, actions) -> {
          JsonObject json = JsonObject.EMPTY;
          JsonValue sid = old.get("Sid");
          if (sid != null && statements.isEmpty()) {
            json = json.with("Sid", sid);
          }
          json = json.with("Effect", "Allow").with("Action", texts(actions));
          json =
              old.get("NotResource") == null
                  ? json.with("Resource", texts(resources))
                  : json.with("NotResource", texts(resources));
          JsonValue condition = old.get("Condition");
          statements.add(condition == null ? json : json.with("Condition", condition));
        });
    return statements;
  }

  private static JsonValue texts(List<String> texts) {
    return texts.size() == 1 ? new JsonString(texts.getFirst()) : JsonArray.ofStrings(texts);
  }

  /** The resources that an action keeps. */
  private static List<String> resources(
      Statement statement, JsonObject old, @Nullable Set<String> used) {
    boolean not = statement.resources().not();
    List<String> written =
        Objects.requireNonNull(DocumentParser.strings(old.get(not ? "NotResource" : "Resource")));
    if (not || used == null || !isFixed(statement)) {
      return written;
    }
    var narrow = new TreeSet<String>();
    for (String resource : used) {
      String named = named(statement, resource);
      if (named == null) {
        return matching(statement, written, used);
      }
      narrow.add(named);
    }
    return narrow.size() > MOST_RESOURCES
        ? matching(statement, written, used)
        : withoutCovered(narrow);
  }

  /** What a policy may name a resource by; null where its text would mean something else there. */
  private static @Nullable String named(Statement statement, String resource) {
    if (!resource.equals("*")
        && (resource.indexOf('*') >= 0
            || resource.indexOf('?') >= 0
            || resource.indexOf('$') >= 0
            || resource.chars().anyMatch(c -> c < 0x20 || c > 0xFF))) {
      return null;
    }
    try {
      for (String text : List.of(PlatformIds.widened(resource), resource)) {
        int[] tokens = ResourcePattern.parse(text, true).template().tokens();
        boolean within =
            statement.resources().patterns().stream()
                .anyMatch(p -> Containment.within(tokens, p.template().tokens()));
        if (within) {
          return text;
        }
      }
    } catch (MalformedPolicy _) {
      return null; // no ARN that a policy could name
    }
    return null;
  }

  /** Those of the statement's own patterns that something used matches. */
  private static List<String> matching(
      Statement statement, List<String> written, Set<String> used) {
    var matching = new ArrayList<String>();
    for (int i = 0; i < written.size(); i++) {
      ResourcePattern pattern = statement.resources().patterns().get(i);
      if (used.stream().anyMatch(resource -> pattern.matches(resource, Context.EMPTY))) {
        matching.add(written.get(i));
      }
    }
    return matching;
  }

  private static List<String> withoutCovered(Set<String> patterns) {
    var kept = new ArrayList<String>();
    for (String one : patterns) {
      int[] tokens = ResourcePattern.parse(one, true).template().tokens();
      boolean covered =
          patterns.stream()
              .anyMatch(
                  other ->
                      !other.equals(one)
                          && Containment.within(
                              tokens, ResourcePattern.parse(other, true).template().tokens()));
      if (!covered) {
        kept.add(one);
      }
    }
    return kept;
  }
}
