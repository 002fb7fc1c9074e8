// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.control;

import dev.holdfast.aws.iam.IamError;
import dev.holdfast.iam.model.AccessJob;
import dev.holdfast.iam.model.Entity;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.iam.model.IamTables;
import dev.holdfast.iam.model.ManagedPolicy;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.Ids;
import dev.holdfast.policy.PolicyDocument;
import dev.holdfast.policy.PolicyDocument.Kind;
import dev.holdfast.service.Call;
import dev.holdfast.store.View;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Questions for what somebody, or a policy, was used for. The answer is worked out when it is
 * fetched, so it is as of then.
 */
public record AccessJobs(IamState iam) {
  private static final int MOST = 1_000;
  private static final Duration KEPT = Duration.ofDays(7);

  /**
   * What a question is about.
   *
   * @param allowed what its own policies allow, and those of its groups
   * @param entities the users and roles whose use counts, by name
   */
  public record Subject(List<PolicyDocument> allowed, List<Entity> entities) {
    public Subject {
      allowed = List.copyOf(allowed);
      entities = List.copyOf(entities);
    }
  }

  /**
   * The ARN of a user, group, role or policy, in whatever account.
   *
   * @throws dev.holdfast.aws.ApiError InvalidInput
   */
  public static Arn arn(String text) {
    return isPolicy(text) ? IamState.policyArn(text) : PolicySource.arn(text);
  }

  private static boolean isPolicy(String arn) {
    return Arn.parse(arn).filter(a -> a.resource().startsWith("policy/")).isPresent();
  }

  /** Keeps a question; the oldest of too many, and those that are over, go. */
  public AccessJob ask(Call call, String arn, boolean byAction) {
    String id = Ids.timedUuid(call.now(), iam.random());
    return iam.state()
        .commit(
            call,
            tx -> {
              var job = new AccessJob(id, arn, uniqueId(tx, call, arn), byAction, call.now());
              List<AccessJob> kept = tx.list(IamTables.ACCESS_JOBS, call.account());
              int tooMany = kept.size() + 1 - MOST;
              for (int i = 0; i < kept.size(); i++) {
                if (i < tooMany || over(kept.get(i), call.now())) {
                  tx.delete(IamTables.ACCESS_JOBS, call.account(), kept.get(i).id());
                }
              }
              tx.put(IamTables.ACCESS_JOBS, call.account(), id, job);
              return job;
            });
  }

  private static boolean over(AccessJob job, Instant now) {
    return job.made().isBefore(now.minus(KEPT));
  }

  private static String uniqueId(View view, Call call, String arn) {
    return isPolicy(arn)
        ? policy(view, call.account(), arn).id()
        : PolicySource.find(view, call, arn).entity().id();
  }

  private static ManagedPolicy policy(View view, AccountId account, String arn) {
    Arn parsed = IamState.policyArn(arn);
    if (!parsed.account().equals(account.digits()) && !parsed.account().equals("aws")) {
      throw IamError.INVALID_INPUT.because("ARN %s is not valid.", arn);
    }
    return ManagedPolicies.find(view, account, arn);
  }

  /**
   * A question of the caller's account.
   *
   * @throws dev.holdfast.aws.ApiError NoSuchEntity
   */
  public static AccessJob find(View view, Call call, String id) {
    AccessJob job = view.get(IamTables.ACCESS_JOBS, call.account(), id);
    if (job == null || over(job, call.now())) {
      throw IamError.NO_SUCH_ENTITY.because("The job with id %s cannot be found.", id);
    }
    return job;
  }

  /** What a question is about, as it is now; empty where it is gone or made anew. */
  public static Optional<Subject> subject(View view, Call call, AccessJob job) {
    AccountId account = call.account();
    if (isPolicy(job.arn())) {
      return Directory.policy(view, account, job.arn())
          .filter(policy -> policy.id().equals(job.uniqueId()))
          .map(policy -> subject(view, account, job.arn(), policy));
    }
    Entity entity = entity(view, account, job);
    if (entity == null) {
      return Optional.empty();
    }
    var source = new PolicySource(account, entity);
    List<Entity> entities =
        entity.kind() == EntityKind.GROUP ? members(view, account, entity) : List.of(entity);
    return Optional.of(
        new Subject(source.policies(view).stream().map(p -> p.document()).toList(), entities));
  }

  private static @Nullable Entity entity(View view, AccountId account, AccessJob job) {
    String resource = Arn.parse(job.arn()).orElseThrow().resource();
    String name = resource.substring(resource.lastIndexOf('/') + 1);
    for (EntityKind kind : EntityKind.values()) {
      if (resource.startsWith(kind.word() + "/")) {
        return Directory.find(view, account, kind, name)
            .filter(e -> e.id().equals(job.uniqueId()))
            .orElse(null);
      }
    }
    return null;
  }

  private static Subject subject(View view, AccountId account, String arn, ManagedPolicy policy) {
    var entities = new LinkedHashMap<String, Entity>();
    for (Entity entity : view.byIndex(IamTables.ENTITIES, account, IamTables.ATTACHED, arn)) {
      List<Entity> each =
          entity.kind() == EntityKind.GROUP ? members(view, account, entity) : List.of(entity);
      each.forEach(e -> entities.put(e.id(), e));
    }
    var document = PolicyDocument.parse(policy.inForce().document(), Kind.IDENTITY);
    return new Subject(List.of(document), new ArrayList<>(entities.values()));
  }

  private static List<Entity> members(View view, AccountId account, Entity group) {
    return view.byIndex(IamTables.ENTITIES, account, IamTables.MEMBERS, Entity.fold(group.name()));
  }
}
