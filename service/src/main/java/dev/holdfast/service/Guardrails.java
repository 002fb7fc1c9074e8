// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.service;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.ErrorShape;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The guardrails of an installation in the modes its profile gives them. */
public final class Guardrails {
  /** Every rule there is. */
  public static final List<Guardrail> ALL =
      List.of(
          Guardrail.CLASSIFIED_DATA,
          Guardrail.IMAGE_TRUSTED,
          Guardrail.IMAGE_UNCHANGED,
          Guardrail.ENVIRONMENT_LEAK);

  private final Profile profile;
  private final @Nullable GuardrailExceptions exceptions;
  private final InstantSource clock;

  /** Guardrails that nothing lowers. */
  public Guardrails(Profile profile) {
    this(profile, null, () -> Instant.EPOCH);
  }

  Guardrails(Profile profile, @Nullable GuardrailExceptions exceptions, InstantSource clock) {
    this.profile = profile;
    this.exceptions = exceptions;
    this.clock = clock;
  }

  /** Guardrails with the exceptions that are kept in a state. */
  public static Guardrails open(Profile profile, State state, InstantSource clock) {
    return new Guardrails(profile, GuardrailExceptions.open(state), clock);
  }

  /** What lowers them, where anything can. */
  public Optional<GuardrailExceptions> exceptions() {
    return Optional.ofNullable(exceptions);
  }

  /**
   * What a violation is about.
   *
   * @param resources ARNs, or an image's name
   * @param principals the ARNs that name who acts
   * @param whole whether it is about all of the resources together, so that an exception must be
   *     for each of them; else they are names of one
   */
  public record About(Set<String> resources, Set<String> principals, boolean whole) {
    static final About NOTHING = new About(Set.of(), Set.of());

    /** One thing, under whatever of its names an exception may know it. */
    public About(Set<String> resources, Set<String> principals) {
      this(resources, principals, false);
    }

    public About {
      resources = Set.copyOf(resources);
      principals = Set.copyOf(principals);
    }

    /**
     * One resource of a call, or where none is named the call with all that it touches: an
     * exception for one of several must not let the others pass.
     */
    static About call(Call call, String resource) {
      Set<String> resources =
          resource.isEmpty() ? new HashSet<>(call.record().touched()) : Set.of(resource);
      Principal principal = call.principal();
      return new About(
          resources,
          new HashSet<>(List.of(principal.arn().toString(), principal.identity().arn().toString())),
          resource.isEmpty());
    }
  }

  public Profile profile() {
    return profile;
  }

  public Guardrail.Mode mode(Guardrail rule) {
    return switch (profile) {
      case DEV -> Guardrail.Mode.TEACH;
      case STANDARD -> Guardrail.Mode.ENFORCE;
    };
  }

  /**
   * Acts on a violation: noted on the call where the rule teaches, an error where it enforces.
   *
   * @param text what is wrong and the way out
   * @throws ApiError {@code error} with the rule's name and the text
   */
  public void violated(Call call, Guardrail rule, ErrorShape error, String text) {
    violated(call, rule, error, "", text);
  }

  /**
   * As {@link #violated(Call, Guardrail, ErrorShape, String)}.
   *
   * @param resource what it is about, an ARN or an image; empty where it is the call as a whole
   */
  public void violated(Call call, Guardrail rule, ErrorShape error, String resource, String text) {
    violated(call.record()::note, About.call(call, resource), rule, error, text);
  }

  /** As {@link #violated(Call, Guardrail, ErrorShape, String)}, where no call is the cause. */
  public void violated(Consumer<String> noted, Guardrail rule, ErrorShape error, String text) {
    violated(noted, About.NOTHING, rule, error, text);
  }

  /** As the others, for what is said to be about. */
  public void violated(
      Consumer<String> noted, About about, Guardrail rule, ErrorShape error, String text) {
    String verdict = rule.id() + ": " + text;
    Optional<GuardrailException> exception = exception(rule, about);
    Guardrail.Mode mode =
        mode(rule) == Guardrail.Mode.ENFORCE && exception.isPresent()
            ? Guardrail.Mode.WARN
            : mode(rule);
    switch (mode) {
      case TEACH -> noted.accept("teach " + verdict);
      case WARN ->
          noted.accept(
              "warn " + verdict + exception.map(e -> " (exception " + e.id() + ")").orElse(""));
      case ENFORCE -> {
        noted.accept("refuse " + verdict);
        throw new ApiError(error, text + " (guardrail " + rule.id() + ")");
      }
    }
  }

  private Optional<GuardrailException> exception(Guardrail rule, About about) {
    List<GuardrailException> holding =
        exceptions == null ? List.of() : exceptions.holding(clock.instant());
    return holding.stream().filter(e -> e.covers(rule, about)).findFirst();
  }
}
