// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.control;

import dev.holdfast.aws.CommonError;
import dev.holdfast.aws.Protocol;
import dev.holdfast.aws.iam.IamError;
import dev.holdfast.iam.model.Entity;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.iam.model.IamTables;
import dev.holdfast.iam.model.JudgedEntity;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.Ids;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.PageTokens;
import dev.holdfast.service.PageTokens.Listing;
import dev.holdfast.service.PageTokens.Page;
import dev.holdfast.service.Principal;
import dev.holdfast.service.State;
import dev.holdfast.store.Tx;
import dev.holdfast.store.View;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What every operation of IAM works with: state, page tokens, a source of new ids, and the time for
 * what may not be judged by the time that a call began at.
 */
public record IamState(State state, PageTokens pages, RandomGenerator random, InstantSource clock) {
  private static final int DEFAULT_PAGE = 100;

  /**
   * The demand of an action on an entity of the caller's account; {@link #judged} finds that one
   * alone.
   */
  public Demand on(Call call, String action, EntityKind kind, String name) {
    return Demand.on(
        "iam:" + action,
        found(call, kind, name)
            .map(entity -> entity.arn(call.account()))
            .orElseGet(() -> kind.arn(call.account(), "/", name)));
  }

  /** The entity that a call is to be judged by. */
  Optional<Entity> found(Call call, EntityKind kind, String name) {
    Optional<Entity> entity = state.read(view -> Directory.find(view, call.account(), kind, name));
    entity.ifPresent(one -> call.record().rests(JudgedEntity.of(call.account(), one)));
    return entity;
  }

  /**
   * The entity that a call was judged by, to be written to.
   *
   * @throws dev.holdfast.aws.ApiError NoSuchEntity; ConcurrentModification where the name means
   *     another one by now, or one with another boundary
   */
  public static Entity judged(View view, Call call, EntityKind kind, String name) {
    Entity entity = Directory.entity(view, call.account(), kind, name);
    if (!call.record().restsOn(JudgedEntity.of(call.account(), entity))) {
      throw IamError.CONCURRENT_MODIFICATION.because(
          "The %s %s changed while this was asked. Submit the request again.", kind.word(), name);
    }
    return entity;
  }

  /**
   * An ARN of IAM as a request gives it, or empty where it is none: of this partition and of no
   * region, as AWS requires. What is judged has one spelling.
   */
  public static Optional<Arn> parse(String text) {
    return Arn.parse(text)
        .filter(arn -> arn.service().equals("iam"))
        .filter(arn -> arn.partition().equals("aws") && arn.region().isEmpty());
  }

  /** The demand of an action on a managed policy. */
  public static Demand onPolicy(String action, String arn) {
    return Demand.on("iam:" + action, policyArn(arn));
  }

  /** An ARN of a policy as a request gives it. */
  public static Arn policyArn(String arn) {
    return parse(arn)
        .filter(a -> a.resource().startsWith("policy/"))
        .orElseThrow(() -> IamError.INVALID_INPUT.because("ARN %s is not valid.", arn));
  }

  /** The user that is meant: the one named, or whoever calls. */
  public static String userName(Call call, @Nullable String given) {
    if (given != null) {
      return given;
    }
    if (call.principal().identity().kind() != Principal.Kind.USER) {
      throw CommonError.VALIDATION
          .in(Protocol.QUERY)
          .because("Must specify userName when calling with non-User credentials");
    }
    return call.principal().identity().name();
  }

  /** Refuses a member that AWS has and that is not served here. */
  public static void refuse(@Nullable Object value, String member) {
    if (value != null) {
      throw CommonError.VALIDATION
          .in(Protocol.QUERY)
          .because("the parameter `%s` is not supported here yet: leave it out", member);
    }
  }

  /** A fresh unique id. */
  public String id(String prefix) {
    return Ids.base32(random, prefix, 17);
  }

  /** Writes an entity. */
  public static void put(Tx tx, Call call, Entity entity) {
    tx.put(
        IamTables.ENTITIES, call.account(), new Entity.Key(entity.kind(), entity.name()), entity);
  }

  /**
   * A page of the entities of a kind under a path, by name.
   *
   * @param operation whose listing it is
   */
  public Page<Entity> entities(
      View view,
      Call call,
      String operation,
      EntityKind kind,
      @Nullable String pathPrefix,
      @Nullable String marker,
      @Nullable Integer maxItems) {
    String prefix = pathPrefix == null ? "/" : pathPrefix;
    return valid(
        pages.page(
            call,
            listing(operation + " " + pathPrefix, maxItems),
            (after, limit) ->
                view.list(
                    IamTables.ENTITIES,
                    call.account(),
                    List.of(kind.word()),
                    after == null ? null : new Entity.Key(kind, after),
                    limit),
            entity -> Entity.fold(entity.name()),
            entity -> entity.path().startsWith(prefix),
            marker));
  }

  /** A page that is read as far as it goes; see {@link PageTokens}. */
  public <T> Page<T> page(
      Call call,
      String operation,
      PageTokens.Source<T> source,
      Function<T, String> key,
      Predicate<T> passes,
      @Nullable String marker,
      @Nullable Integer maxItems) {
    return valid(pages.page(call, listing(operation, maxItems), source, key, passes, marker));
  }

  private static Listing listing(String operation, @Nullable Integer maxItems) {
    return new Listing(operation, "", pageSize(maxItems));
  }

  /** How many items a page has at most. */
  static int pageSize(@Nullable Integer maxItems) {
    return maxItems == null ? DEFAULT_PAGE : maxItems;
  }

  private static <T> Page<T> valid(Optional<Page<T>> page) {
    return page.orElseThrow(
        () -> CommonError.VALIDATION.in(Protocol.QUERY).because("Invalid Marker."));
  }

  /**
   * A page of a listing.
   *
   * @param operation with whatever else must stay the same from page to page
   * @param key what the list is sorted by
   */
  public <T> Page<T> page(
      Call call,
      String operation,
      List<T> all,
      Function<T, String> key,
      @Nullable String marker,
      @Nullable Integer maxItems) {
    Function<T, String> order = item -> ordered(key.apply(item));
    List<T> sorted = all.stream().sorted(Comparator.comparing(order)).toList();
    return valid(pages.page(call, listing(operation, maxItems), sorted, order, marker));
  }

  /** Without case first; of names that differ by it alone none is left out between two pages. */
  private static String ordered(String name) {
    return name.toLowerCase(Locale.ROOT) + '\0' + name;
  }
}
