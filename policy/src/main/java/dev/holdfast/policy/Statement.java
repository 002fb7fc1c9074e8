// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy;

import dev.holdfast.policy.Principals.Grade;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One compiled statement of a policy document. */
public final class Statement {

  /** Action or, where {@code not}, NotAction; patterns are in lower case. */
  record Actions(boolean not, List<Glob> patterns) {
    boolean cover(String foldedAction) {
      for (int i = 0; i < patterns.size(); i++) {
        if (patterns.get(i).matches(foldedAction)) {
          return !not;
        }
      }
      return not;
    }

    /** Whether any action of a service is covered; patterns have no wildcard before the colon. */
    boolean coverService(String prefix) {
      return not
          ? patterns.stream().noneMatch(pattern -> pattern.coversAllAfter(prefix))
          : patterns.stream().anyMatch(pattern -> pattern.coversSomeAfter(prefix));
    }
  }

  /** Resource or NotResource. */
  record Resources(boolean not, List<ResourcePattern> patterns) {
    /** A policy bound to its resource need not name it. */
    static final Resources ATTACHED = new Resources(true, List.of());

    /** A word of the pairs of characters without which nothing is covered. */
    long pairs(int word) {
      long all = not || patterns.isEmpty() ? 0 : -1L;
      for (ResourcePattern pattern : patterns) {
        all &= pattern.pairs(word);
      }
      return all;
    }

    boolean cover(String resource, Context context) {
      for (int i = 0; i < patterns.size(); i++) {
        if (patterns.get(i).matches(resource, context)) {
          return !not;
        }
      }
      return not;
    }
  }

  /** Principal or NotPrincipal. */
  record Subject(boolean not, Principals principals) {}

  private final int index;
  private final @Nullable String sid;
  private final Effect effect;
  private final Actions actions;
  private final Resources resources;
  private final @Nullable Subject subject;
  private final List<Condition> conditions;

  Statement(
      int index,
      @Nullable String sid,
      Effect effect,
      Actions actions,
      Resources resources,
      @Nullable Subject subject,
      List<Condition> conditions) {
    this.index = index;
    this.sid = sid;
    this.effect = effect;
    this.actions = actions;
    this.resources = resources;
    this.subject = subject;
    this.conditions = List.copyOf(conditions);
  }

  /** The place within the document, from 0. */
  public int index() {
    return index;
  }

  public @Nullable String sid() {
    return sid;
  }

  public Effect effect() {
    return effect;
  }

  Actions actions() {
    return actions;
  }

  @Nullable Subject subject() {
    return subject;
  }

  Resources resources() {
    return resources;
  }

  List<Condition> conditions() {
    return conditions;
  }

  boolean coversAction(String foldedAction) {
    return actions.cover(foldedAction);
  }

  boolean coversService(String foldedPrefix) {
    return actions.coverService(foldedPrefix);
  }

  boolean coversResource(Request request) {
    return resources.cover(request.resource(), request.context());
  }

  /** The first condition that does not hold, or null where all do. */
  @Nullable Condition failing(Context context) {
    for (int i = 0; i < conditions.size(); i++) {
      if (!conditions.get(i).holds(context)) {
        return conditions.get(i);
      }
    }
    return null;
  }

  /** Whether a condition says which texts a key may have. */
  boolean tells(String foldedKey) {
    return conditions.stream()
        .anyMatch(c -> Context.fold(c.name()).equals(foldedKey) && c.tellsTexts());
  }

  /**
   * How the statement names the caller; identity policies mean their bearer.
   *
   * @param bounded whether the caller has a permissions boundary, which no NotPrincipal exempts
   */
  Grade grade(Caller caller, boolean bounded) {
    if (subject == null) {
      return Grade.DIRECT;
    }
    if (subject.not()) {
      return !bounded && subject.principals().exempts(caller) ? Grade.NONE : Grade.DIRECT;
    }
    return effect == Effect.ALLOW && caller.kind() == Caller.Kind.PROVIDER
        ? subject.principals().vouched(caller)
        : subject.principals().grade(caller);
  }

  /** The grade where resource and conditions match too; the action is taken as covered. */
  Grade applies(Request request, boolean bounded) {
    Grade grade = grade(request.caller(), bounded);
    return grade != Grade.NONE && coversResource(request) && failing(request.context()) == null
        ? grade
        : Grade.NONE;
  }
}
