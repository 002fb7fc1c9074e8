// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy;

import dev.holdfast.kit.JsonValue.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A policy document, checked and compiled.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html">Grammar
 *     of the policy language</a>
 */
public final class PolicyDocument {

  /** Where a document is attached; each place has rules of its own. */
  public enum Kind {
    IDENTITY,
    BOUNDARY,
    SESSION,
    TRUST,
    RESOURCE;

    /** Whether statements name principals, and need not name the resource. */
    boolean namesPrincipals() {
      return this == TRUST || this == RESOURCE;
    }
  }

  /** The statements that cover one action. */
  static final class Row {
    final Shortlist denies;
    final Shortlist allows;

    private Row(List<Statement> denies, List<Statement> allows) {
      this.denies = new Shortlist(denies);
      this.allows = new Shortlist(allows);
    }
  }

  /** Rows kept; the actions of all services fit, and made-up ones cannot fill the heap. */
  private static final int MOST_ROWS = 1024;

  private final String source;
  private final Kind kind;
  private final String version;
  private final @Nullable String id;
  private final JsonObject tree;
  private final List<Statement> statements;
  private final ConcurrentHashMap<String, Row> rows = new ConcurrentHashMap<>();

  PolicyDocument(
      String source,
      Kind kind,
      String version,
      @Nullable String id,
      JsonObject tree,
      List<Statement> statements) {
    this.source = source;
    this.kind = kind;
    this.version = version;
    this.id = id;
    this.tree = tree;
    this.statements = List.copyOf(statements);
  }

  /**
   * Checks and compiles a document.
   *
   * @throws MalformedPolicy where the text is no document of that kind
   */
  public static PolicyDocument parse(String json, Kind kind) {
    return DocumentParser.parse(json, kind);
  }

  /**
   * Checks and compiles a document that somebody wants to save, or to have judged: it is held to
   * rules too that documents which were saved earlier need not meet.
   *
   * @throws MalformedPolicy where the text is no document of that kind, or names what can never be
   */
  public static PolicyDocument admit(String json, Kind kind) {
    PolicyDocument document = DocumentParser.parse(json, kind);
    Admission.require(document);
    return document;
  }

  /** The text as it was given. */
  public String source() {
    return source;
  }

  public Kind kind() {
    return kind;
  }

  /** {@code 2012-10-17}, or {@code 2008-10-17}, which is also the default. */
  public String version() {
    return version;
  }

  public @Nullable String id() {
    return id;
  }

  public List<Statement> statements() {
    return statements;
  }

  /** The document as it was read. */
  JsonObject tree() {
    return tree;
  }

  /** The size that counts against IAM's quotas: characters without white space. */
  public int size() {
    return (int) source.chars().filter(c -> !Character.isWhitespace(c)).count();
  }

  /** The condition keys read, in conditions and as variables, as written; sorted ignoring case. */
  public List<String> contextKeys() {
    var keys = new TreeMap<String, String>();
    for (Statement statement : statements) {
      for (Condition condition : statement.conditions()) {
        keys.putIfAbsent(Context.fold(condition.name()), condition.name());
        condition.templates().forEach(template -> collect(template, keys));
      }
      statement.resources().patterns().forEach(pattern -> collect(pattern.template(), keys));
    }
    return List.copyOf(keys.values());
  }

  private static void collect(Template template, Map<String, String> keys) {
    template.variables().forEach(variable -> keys.putIfAbsent(variable.key(), variable.name()));
  }

  /**
   * The entries under {@code AWS} of all Principal and NotPrincipal elements, as written: who must
   * exist for the document to be saved.
   */
  public List<String> awsPrincipals() {
    var entries = new ArrayList<String>();
    PrincipalRewriter.rewrite(
        tree,
        (entry, _) -> {
          entries.add(entry);
          return entry;
        });
    return List.copyOf(entries);
  }

  /** What a principal is to be called. */
  public interface Renaming {
    /**
     * Another name, or the same.
     *
     * @param granting whether being named there is for the named one's good: in the Principal of an
     *     Allow, and in the NotPrincipal of a Deny
     */
    String of(String entry, boolean granting);
  }

  /**
   * The document with each {@code AWS} principal replaced, so that ARNs can be saved as unique ids
   * and shown as ARNs again.
   *
   * @throws MalformedPolicy where a replacement is no principal
   */
  public PolicyDocument mapAwsPrincipals(Renaming renaming) {
    JsonObject changed = PrincipalRewriter.rewrite(tree, renaming);
    return changed.equals(tree) ? this : DocumentParser.parse(changed, kind);
  }

  /** Whether a statement allows the action on some resource, under some condition. */
  public boolean allowsSomewhere(String action) {
    String folded = Context.fold(action);
    return statements.stream().anyMatch(s -> s.effect() == Effect.ALLOW && s.coversAction(folded));
  }

  /**
   * Whether a statement allows the action to everybody for whom a provider vouches: none of its
   * conditions says which texts this key may have.
   */
  public boolean allowsAnyOf(Caller provider, String action, String key) {
    String foldedAction = Context.fold(action);
    String foldedKey = Context.fold(key);
    return statements.stream()
        .anyMatch(
            s ->
                s.effect() == Effect.ALLOW
                    && s.coversAction(foldedAction)
                    && s.grade(provider, false) != Principals.Grade.NONE
                    && !s.tells(foldedKey));
  }

  /** Whether a statement allows any action of a service, such as {@code ecs}. */
  public boolean allowsService(String prefix) {
    String folded = Context.fold(prefix) + ":";
    return statements.stream().anyMatch(s -> s.effect() == Effect.ALLOW && s.coversService(folded));
  }

  /** The statements that cover the action. */
  Row row(String action) {
    Row row = rows.get(action);
    if (row == null) {
      row = compile(action);
      if (rows.size() < MOST_ROWS) {
        rows.put(action, row);
      }
    }
    return row;
  }

  /** How many actions' statements are remembered. */
  int rowsKept() {
    return rows.size();
  }

  private Row compile(String action) {
    String folded = Context.fold(action);
    var denies = new ArrayList<Statement>();
    var allows = new ArrayList<Statement>();
    for (Statement statement : statements) {
      if (statement.coversAction(folded)) {
        (statement.effect() == Effect.DENY ? denies : allows).add(statement);
      }
    }
    return new Row(denies, allows);
  }

  @Override
  public String toString() {
    return "PolicyDocument[" + kind + ", " + statements.size() + " statements]";
  }
}
