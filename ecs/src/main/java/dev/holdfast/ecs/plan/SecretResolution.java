// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.plan;

import dev.holdfast.ecs.model.FoundParameter;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Decides which parameter a secret gets: exactly one of the task's own environment. */
public final class SecretResolution {

  /** The decision. */
  public sealed interface Outcome {
    /** The parameter and version to fetch. */
    record Resolved(FoundParameter parameter) implements Outcome {}

    /** A plain name that means nothing (yet): asked for as written, as on AWS. */
    record AsWritten() implements Outcome {}

    /** None or several; the text lists what was found. */
    record Refused(String text) implements Outcome {}
  }

  private SecretResolution() {}

  /**
   * Decides.
   *
   * @param found what matches the name or pattern
   * @param environment the task's, or null
   */
  public static Outcome decide(
      ValueFrom.Parameter wanted, List<FoundParameter> found, @Nullable String environment) {
    if (!wanted.pattern()) {
      return found.isEmpty() ? new Outcome.AsWritten() : new Outcome.Resolved(found.getFirst());
    }
    if (environment == null) {
      return new Outcome.Refused(
          "the secret pattern `"
              + wanted.name()
              + "` needs an environment: start the task with the tag `environment`, or tag its"
              + " task definition or cluster. "
              + listed(found));
    }
    List<FoundParameter> mine =
        found.stream().filter(p -> environment.equals(p.environment())).toList();
    return switch (mine.size()) {
      case 0 ->
          new Outcome.Refused(
              "no parameter that matches `"
                  + wanted.name()
                  + "` carries the tag environment="
                  + environment
                  + ". "
                  + listed(found));
      case 1 -> new Outcome.Resolved(mine.getFirst());
      default ->
          new Outcome.Refused(
              mine.size()
                  + " parameters that match `"
                  + wanted.name()
                  + "` carry the tag environment="
                  + environment
                  + ", and exactly one must. "
                  + listed(mine));
    };
  }

  /** The leak that naming this parameter outright would be, or empty where there is none. */
  public static Optional<String> leak(FoundParameter parameter, @Nullable String environment) {
    String owner = parameter.environment();
    if (owner == null || Objects.equals(owner, environment)) {
      return Optional.empty();
    }
    return Optional.of(
        "a task "
            + (environment == null ? "without an environment" : "of the environment " + environment)
            + " may not read the parameter "
            + parameter.name()
            + ", which belongs to "
            + owner
            + ": start the task with the tag environment="
            + owner
            + ", or name a parameter of its own environment, for example by a pattern");
  }

  private static String listed(List<FoundParameter> found) {
    if (found.isEmpty()) {
      return "Nothing matches it.";
    }
    return "Found: "
        + found.stream()
            .limit(10)
            .map(
                p ->
                    p.name()
                        + (p.environment() == null
                            ? " (no environment)"
                            : " (environment=" + p.environment() + ")"))
            .collect(Collectors.joining(", "))
        + (found.size() > 10 ? ", and " + (found.size() - 10) + " more" : "");
  }
}
