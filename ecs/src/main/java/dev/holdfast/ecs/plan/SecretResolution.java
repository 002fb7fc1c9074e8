// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.plan;

import dev.holdfast.ecs.model.FoundParameter;
import dev.holdfast.ecs.model.FoundSecret;
import dev.holdfast.ecs.model.ParameterResolution;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decides which parameter a secret gets: for a pattern exactly one of the task's environment. */
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

  public static Outcome decide(
      ValueFrom.Parameter wanted, ParameterResolution found, @Nullable String environment) {
    return switch (found) {
      case ParameterResolution.Exact(var parameter) -> new Outcome.Resolved(parameter);
      case ParameterResolution.None(var text) ->
          wanted.pattern() ? new Outcome.Refused(text) : new Outcome.AsWritten();
      case ParameterResolution.Several(var names) ->
          new Outcome.Refused(
              names.size()
                  + " parameters match `"
                  + wanted.name()
                  + "` and carry the tag environment="
                  + environment
                  + ", and exactly one must; found: "
                  + String.join(", ", names));
    };
  }

  /** The leak that naming this parameter outright would be, or empty where there is none. */
  public static Optional<String> leak(FoundParameter parameter, @Nullable String environment) {
    return leak(
        "parameter " + parameter.name(),
        parameter.environment(),
        environment,
        ", or name a parameter of its own environment, for example by a pattern");
  }

  /** The leak that naming this secret would be, or empty where there is none. */
  public static Optional<String> leak(FoundSecret secret, @Nullable String environment) {
    return leak(
        "secret " + secret.name(),
        secret.environment(),
        environment,
        ", or name a secret of its own environment");
  }

  private static Optional<String> leak(
      String what, @Nullable String owner, @Nullable String environment, String or) {
    if (owner == null || Objects.equals(owner, environment)) {
      return Optional.empty();
    }
    return Optional.of(
        "a task "
            + (environment == null ? "without an environment" : "of the environment " + environment)
            + " may not read the "
            + what
            + ", which belongs to "
            + owner
            + ": start the task with the tag environment="
            + owner
            + or);
  }
}
