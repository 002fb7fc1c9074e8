// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.control;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.iam.ContextEntry;
import dev.holdfast.aws.iam.EvaluationResult;
import dev.holdfast.aws.iam.IamError;
import dev.holdfast.aws.iam.PermissionsBoundaryDecisionDetail;
import dev.holdfast.aws.iam.Position;
import dev.holdfast.aws.iam.ResourceSpecificResult;
import dev.holdfast.aws.iam.SimulatePolicyResponse;
import dev.holdfast.aws.iam.Statement;
import dev.holdfast.iam.plan.Simulation;
import dev.holdfast.iam.plan.StatementPlaces;
import dev.holdfast.kit.Arn;
import dev.holdfast.policy.Caller;
import dev.holdfast.policy.Context;
import dev.holdfast.policy.Decision;
import dev.holdfast.policy.Gate;
import dev.holdfast.policy.Layer;
import dev.holdfast.policy.MalformedPolicy;
import dev.holdfast.policy.NamedPolicy;
import dev.holdfast.policy.Policies;
import dev.holdfast.policy.PolicyDocument;
import dev.holdfast.policy.PolicyDocument.Kind;
import dev.holdfast.service.Call;
import dev.holdfast.service.PageTokens.Page;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** What the two simulators have in common: their input as policies, and the answer's shape. */
public record Simulations(IamState iam) {
  private static final Pattern ACTION = Pattern.compile("[A-Za-z0-9-]+:[A-Za-z0-9]+");

  /** The characters of policies that are read for one page: long policies make short pages. */
  private static final int MOST_READ = 1_000_000;

  /** The values of the context in one request: each may be compared with each of a policy. */
  private static final int MOST_VALUES = 1_000;

  /** An action on a resource, which are answered in the order of their places. */
  private record Pair(long place, String action, String resource) {}

  /**
   * What is asked.
   *
   * @param resources empty for {@code *}
   * @param owner an ARN of the account that owns the resources, or null
   */
  public record Question(
      List<String> actions,
      List<String> resources,
      @Nullable String owner,
      @Nullable String marker,
      @Nullable Integer maxItems) {
    public Question {
      actions = List.copyOf(actions);
      resources = resources.isEmpty() ? List.of("*") : List.copyOf(resources);
    }

    private String hashed() {
      return actions.hashCode() + " " + resources.hashCode();
    }

    /** The pairs after one, by its place; of many only those that are asked for are made. */
    private List<Pair> after(@Nullable String last, int limit) {
      long from = last == null ? 0 : Long.parseLong(last) + 1;
      long all = (long) actions.size() * resources.size();
      return LongStream.range(from, Math.min(all, from + limit)).mapToObj(this::pair).toList();
    }

    private Pair pair(long place) {
      return new Pair(
          place,
          actions.get((int) (place / resources.size())),
          resources.get((int) (place % resources.size())));
    }
  }

  /** Documents as a request gives them, under the names that AWS gives them. */
  public static List<NamedPolicy> given(String member, List<String> texts, Kind kind) {
    var found = new ArrayList<NamedPolicy>();
    for (String text : texts) {
      found.add(new NamedPolicy(member + "." + (found.size() + 1), parse(text, kind)));
    }
    return found;
  }

  private static PolicyDocument parse(String text, Kind kind) {
    try {
      return PolicyDocument.parse(text, kind);
    } catch (MalformedPolicy e) {
      throw IamError.INVALID_INPUT.because("Invalid policy: %s", PolicyTexts.text(e));
    }
  }

  /**
   * The policies of a simulation.
   *
   * @param boundaries at most one
   */
  public static Policies policies(
      List<NamedPolicy> identity, List<NamedPolicy> boundaries, @Nullable String resource) {
    if (boundaries.size() > 1) {
      throw IamError.INVALID_INPUT.because("Only one permissions boundary policy can be given.");
    }
    Policies policies =
        Policies.ofIdentity(identity)
            .withBoundary(boundaries.isEmpty() ? null : boundaries.getFirst());
    return resource == null
        ? policies
        : policies.withResource(
            new NamedPolicy("ResourcePolicy", parse(resource, Kind.RESOURCE)), Gate.NONE);
  }

  /** What the request says of the context, and the time where it says none. */
  public static Context context(Call call, List<ContextEntry> entries, Map<String, String> known) {
    Map<String, List<String>> values = new LinkedHashMap<>();
    values.put("aws:currenttime", List.of(call.now().truncatedTo(ChronoUnit.SECONDS).toString()));
    values.put("aws:epochtime", List.of(Long.toString(call.now().getEpochSecond())));
    known.forEach((key, value) -> values.put(Context.fold(key), List.of(value)));
    if (entries.stream().mapToInt(entry -> entry.contextKeyValues().size()).sum() > MOST_VALUES) {
      throw IamError.INVALID_INPUT.because(
          "No more than %d values of context keys can be given.", MOST_VALUES);
    }
    for (ContextEntry entry : entries) {
      if (entry.contextKeyName() != null) {
        values.put(Context.fold(entry.contextKeyName()), List.copyOf(entry.contextKeyValues()));
      }
    }
    return Context.of(values);
  }

  /**
   * The user that a simulation is for; somebody of the caller's account where none is named.
   *
   * @throws ApiError InvalidInput where it is no user
   */
  public static Caller caller(Call call, @Nullable String arn) {
    String account = call.account().digits();
    if (arn == null) {
      return Caller.user(account, "arn:aws:iam::%s:user/simulated".formatted(account), "");
    }
    return Arn.parse(arn)
        .filter(a -> a.service().equals("iam") && a.resource().startsWith("user/"))
        .map(a -> Caller.user(a.account(), arn, ""))
        .orElseThrow(() -> invalid("CallerArn must be the ARN of a user."));
  }

  /** The condition keys that documents read. */
  public static List<String> keys(List<NamedPolicy> policies) {
    var keys = new TreeMap<String, String>();
    policies.forEach(
        policy ->
            policy.document().contextKeys().forEach(k -> keys.putIfAbsent(Context.fold(k), k)));
    return List.copyOf(keys.values());
  }

  /** The answer, a page of it. */
  public SimulatePolicyResponse answer(Call call, Simulation simulation, Question question) {
    for (String action : question.actions()) {
      if (!ACTION.matcher(action).matches()) {
        throw IamError.INVALID_INPUT.because("Invalid action name: %s", action);
      }
    }
    Page<Pair> page =
        iam.page(
            call,
            "Simulate " + simulation.caller().arn() + " " + question.hashed(),
            question::after,
            pair -> Long.toString(pair.place()),
            _ -> true,
            question.marker(),
            Math.clamp(
                MOST_READ / Math.max(simulation.size(), 1),
                1,
                IamState.pageSize(question.maxItems())));
    return SimulatePolicyResponse.builder()
        .evaluationResults(
            page.items().stream()
                .map(
                    pair ->
                        result(
                            pair.action(),
                            pair.resource(),
                            simulation.of(
                                pair.action(),
                                pair.resource(),
                                account(simulation, pair.resource(), question.owner()))))
                .toList())
        .isTruncated(page.next() != null)
        .marker(page.next())
        .build();
  }

  private static String account(Simulation simulation, String resource, @Nullable String owner) {
    Function<String, @Nullable String> accountOf =
        text -> Arn.parse(text).map(Arn::account).filter(a -> !a.isEmpty()).orElse(null);
    String account = owner == null ? accountOf.apply(resource) : accountOf.apply(owner);
    return account == null ? simulation.caller().account() : account;
  }

  private static EvaluationResult result(
      String action, String resource, Simulation.Verdict verdict) {
    List<Statement> statements = verdict.statements().stream().map(Simulations::shape).toList();
    var boundary =
        verdict.withinBoundary() == null
            ? null
            : PermissionsBoundaryDecisionDetail.builder()
                .allowedByPermissionsBoundary(verdict.withinBoundary())
                .build();
    Map<String, String> details = details(verdict);
    return EvaluationResult.builder()
        .evalActionName(action)
        .evalResourceName(resource)
        .evalDecision(verdict.decision().evalDecision())
        .matchedStatements(statements)
        .missingContextValues(verdict.missing())
        .permissionsBoundaryDecisionDetail(boundary)
        .evalDecisionDetails(details)
        .resourceSpecificResults(
            List.of(
                ResourceSpecificResult.builder()
                    .evalResourceName(resource)
                    .evalResourceDecision(verdict.decision().evalDecision())
                    .matchedStatements(statements)
                    .missingContextValues(verdict.missing())
                    .permissionsBoundaryDecisionDetail(boundary)
                    .evalDecisionDetails(details)
                    .build()))
        .build();
  }

  private static Map<String, String> details(Simulation.Verdict verdict) {
    Decision identity = verdict.byIdentity();
    Decision resource = verdict.byResource();
    return identity == null || resource == null
        ? Map.of()
        : Map.of("IAM Policy", identity.evalDecision(), "Resource Policy", resource.evalDecision());
  }

  private static Statement shape(Simulation.Decisive statement) {
    return Statement.builder()
        .sourcePolicyId(statement.policy())
        .sourcePolicyType(statement.layer() == Layer.RESOURCE ? "Resource Policy" : "IAM Policy")
        .startPosition(shape(statement.place().start()))
        .endPosition(shape(statement.place().end()))
        .build();
  }

  private static Position shape(StatementPlaces.Position position) {
    return Position.builder().line(position.line()).column(position.column()).build();
  }

  /** An error for a simulation that lacks something. */
  public static ApiError invalid(String text) {
    return new ApiError(IamError.INVALID_INPUT, text);
  }
}
