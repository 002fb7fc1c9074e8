// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.plan;

import dev.holdfast.ecs.model.TaskSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The placement constraints and strategies of tasks. Pure. */
public final class PlacementRule {
  private static final String ATTRIBUTE = "attribute:";

  private PlacementRule() {}

  /** What an instance must be like. */
  public sealed interface Constraint {
    /** No two tasks of the group on one instance. */
    record DistinctInstance() implements Constraint {
      @Override
      public String toString() {
        return "distinctInstance";
      }
    }

    /** Only instances that an expression means. */
    record MemberOf(String expression, ClusterQuery query) implements Constraint {
      @Override
      public String toString() {
        return "memberOf " + expression;
      }
    }

    /** Only instances whose agents can do what the task needs. */
    record Capable(Set<String> names) implements Constraint {
      @Override
      public String toString() {
        return "requires the attributes " + String.join(", ", names);
      }
    }

    /** Why an instance does not satisfy it, in AWS's words, or empty. */
    default Optional<String> unsatisfied(Placement.Candidate candidate, String group) {
      return switch (this) {
        case DistinctInstance _ ->
            candidate.facts().of(group) > 0
                ? Optional.of("DistinctInstance placement constraint unsatisfied.")
                : Optional.empty();
        case MemberOf(_, var query) ->
            query.matches(candidate.facts(), candidate.connected())
                ? Optional.empty()
                : Optional.of("MemberOf placement constraint unsatisfied.");
        case Capable(var names) ->
            AgentNeeds.lacking(names, candidate.facts().attributes().keySet())
                .map(_ -> "ATTRIBUTE");
      };
    }

    /** What to tell somebody whose task found no place for it. */
    default String detail(Placement.Candidate candidate) {
      return this instanceof Capable(var names)
          ? AgentNeeds.lacking(names, candidate.facts().attributes().keySet()).orElse("")
          : toString();
    }

    /** Those of a checked definition. */
    static List<Constraint> of(TaskSpec spec) {
      var all = new ArrayList<Constraint>();
      all.add(new Capable(AgentNeeds.of(spec)));
      for (TaskSpec.Constraint constraint : spec.placementConstraints()) {
        all.add(constraint(constraint.type(), constraint.expression()));
      }
      return List.copyOf(all);
    }
  }

  /** Which of several instances is taken. */
  public sealed interface Strategy {
    /** Any of them. */
    record AtRandom() implements Strategy {}

    /** The one with the least memory, or else the least CPU, that is free. */
    record Binpack(boolean memory) implements Strategy {}

    /** One of those whose value of a field has the fewest tasks of the group. */
    record Spread(String field) implements Strategy {
      boolean byInstance() {
        return !field.startsWith(ATTRIBUTE);
      }

      String value(Placement.Candidate candidate) {
        return byInstance()
            ? candidate.instance()
            : candidate.facts().attributes().getOrDefault(field.substring(ATTRIBUTE.length()), "");
      }
    }
  }

  /**
   * A constraint.
   *
   * @throws IllegalArgumentException with AWS's words where it is none
   */
  public static Constraint constraint(@Nullable String type, @Nullable String expression) {
    return switch (type) {
      case "distinctInstance" -> {
        if (expression != null && !expression.isEmpty()) {
          throw new IllegalArgumentException(
              "The distinctInstance placement constraint takes no expression.");
        }
        yield new Constraint.DistinctInstance();
      }
      case "memberOf" ->
          new Constraint.MemberOf(String.valueOf(expression), ClusterQuery.parse(expression));
      case null, default ->
          throw new IllegalArgumentException("Invalid placement constraint type '" + type + "'.");
    };
  }

  /**
   * A strategy.
   *
   * @throws IllegalArgumentException with AWS's words where it is none
   */
  public static Strategy strategy(@Nullable String type, @Nullable String field) {
    String name = field == null ? "" : field;
    return switch (type) {
      case "random" -> new Strategy.AtRandom();
      case "binpack" ->
          switch (name.toLowerCase(Locale.ROOT)) {
            case "cpu" -> new Strategy.Binpack(false);
            case "memory" -> new Strategy.Binpack(true);
            default ->
                throw new IllegalArgumentException(
                    "Invalid field '" + name + "' for the placement strategy binpack.");
          };
      case "spread" -> {
        boolean instance = name.isEmpty() || name.equals("instanceId") || name.equals("host");
        if (!instance && !(name.startsWith(ATTRIBUTE) && name.length() > ATTRIBUTE.length())) {
          throw new IllegalArgumentException(
              "Invalid field '" + name + "' for the placement strategy spread.");
        }
        yield new Strategy.Spread(instance ? "instanceId" : name);
      }
      case null, default ->
          throw new IllegalArgumentException("Invalid placement strategy type '" + type + "'.");
    };
  }
}
