// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ssm.plan;

import dev.holdfast.ssm.Resolution;
import dev.holdfast.ssm.model.StoredParameter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Chooses the one parameter that a pattern means for an environment. */
public final class Choice {
  private static final int MOST_SHOWN = 20;

  /**
   * A parameter that may be meant.
   *
   * @param environment its tag, or null where it has none
   */
  public record Candidate(StoredParameter parameter, @Nullable String environment) {
    /** The candidate as what is meant. */
    public Resolution exact() {
      return new Resolution.Exact(
          parameter.name(), parameter.version(), parameter.arn(), environment);
    }
  }

  private Choice() {}

  /**
   * Chooses among parameters.
   *
   * @param valueFrom the pattern as it was written
   * @param environment of the task, or null where it has none
   */
  public static Resolution choose(
      String valueFrom,
      NamePattern pattern,
      @Nullable String environment,
      List<Candidate> candidates) {
    List<Candidate> matching =
        candidates.stream().filter(c -> pattern.matches(c.parameter().name())).toList();
    List<Candidate> chosen =
        matching.stream()
            .filter(c -> environment != null && environment.equals(c.environment()))
            .toList();
    return switch (chosen.size()) {
      case 0 -> new Resolution.None(why(valueFrom, environment) + "; found: " + shown(matching));
      case 1 -> chosen.getFirst().exact();
      default ->
          new Resolution.Ambiguous(
              chosen.stream().map(c -> c.parameter().name()).sorted().toList());
    };
  }

  private static String why(String valueFrom, @Nullable String environment) {
    return environment == null
        ? "the pattern `"
            + valueFrom
            + "` needs an environment, and the task has none: give it, its definition or its"
            + " cluster a tag `environment`"
        : "no parameter matches `" + valueFrom + "` and carries the tag environment=" + environment;
  }

  private static String shown(List<Candidate> matching) {
    if (matching.isEmpty()) {
      return "no parameter of such a name";
    }
    var texts = new ArrayList<String>();
    for (Candidate candidate : matching.stream().limit(MOST_SHOWN).toList()) {
      String tag = candidate.environment();
      texts.add(
          candidate.parameter().name()
              + (tag == null ? " (no environment)" : " (environment=" + tag + ")"));
    }
    if (matching.size() > MOST_SHOWN) {
      texts.add("and " + (matching.size() - MOST_SHOWN) + " more");
    }
    return String.join(", ", texts);
  }
}
