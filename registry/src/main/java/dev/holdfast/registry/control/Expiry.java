// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.control;

import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.registry.model.Digest;
import dev.holdfast.registry.model.Image;
import dev.holdfast.registry.model.Images;
import dev.holdfast.registry.model.RegistryTables;
import dev.holdfast.registry.model.Repository;
import dev.holdfast.registry.model.Repository.Lifecycle;
import dev.holdfast.registry.model.RepositoryId;
import dev.holdfast.registry.plan.LifecycleParser;
import dev.holdfast.registry.plan.LifecyclePolicy;
import dev.holdfast.registry.plan.LifecyclePolicy.Candidate;
import dev.holdfast.service.AuditLog;
import dev.holdfast.service.ServiceEvent;
import dev.holdfast.service.State;
import dev.holdfast.store.Tx;
import dev.holdfast.store.View;
import dev.holdfast.store.space.Urgency;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Acts upon the lifecycle policies of repositories, one transaction each, with an event in the
 * trail where images went. Their blobs are collected later.
 */
public record Expiry(State state, AuditLog audit) {
  private static final System.Logger LOG = System.getLogger("registry");

  /**
   * Removes what is to expire now.
   *
   * @return how many images went
   */
  public int expire(Instant now) {
    List<RepositoryId> repositories =
        state.read(
            view ->
                view.all(RegistryTables.REPOSITORIES).stream()
                    .filter(repository -> repository.lifecycle() != null)
                    .map(Repository::id)
                    .toList());
    int gone = 0;
    for (RepositoryId id : repositories) {
      gone += state.<Integer>own(Urgency.VITAL, tx -> expire(tx, id, now));
    }
    return gone;
  }

  private int expire(Tx tx, RepositoryId id, Instant now) {
    Repository repository = tx.get(RegistryTables.REPOSITORIES, id.account(), id);
    Lifecycle lifecycle = repository == null ? null : repository.lifecycle();
    if (repository == null || lifecycle == null) {
      return 0;
    }
    LifecyclePolicy policy;
    try {
      policy = LifecycleParser.parse(lifecycle.text());
    } catch (LifecycleParser.Malformed e) {
      LOG.log(System.Logger.Level.ERROR, id.arn() + ": its lifecycle policy: " + e.getMessage());
      return 0;
    }
    Map<Digest, Integer> expired = policy.expired(candidates(tx, id), now);
    var actions = new ArrayList<JsonValue>();
    expired.forEach(
        (digest, rule) -> {
          actions.add(
              JsonObject.EMPTY
                  .with(
                      "lifecycleEventImage",
                      JsonObject.EMPTY
                          .with("digest", digest.text())
                          .with("tagList", JsonArray.ofStrings(Images.tags(tx, id, digest))))
                  .with("rulePriority", rule));
          Images.delete(tx, id, digest);
        });
    tx.put(
        RegistryTables.REPOSITORIES,
        id.account(),
        id,
        repository.with(new Lifecycle(lifecycle.text(), now)));
    if (!actions.isEmpty()) {
      JsonObject details =
          JsonObject.EMPTY
              .with("repositoryName", id.name())
              .with("lifecycleEventImageActions", new JsonArray(actions));
      audit.stage(
          tx,
          id.account(),
          id.region(),
          new ServiceEvent(
                  "ecr.amazonaws.com", "PolicyExecutionEvent", id.arn().toString(), details)
              .at(now, id.account(), id.region()));
    }
    return actions.size();
  }

  /** Images that may go: no index lists them, and they are about no image that is there. */
  private static List<Candidate> candidates(View view, RepositoryId id) {
    var candidates = new ArrayList<Candidate>();
    for (Image image : Images.all(view, id)) {
      Digest subject = image.subject();
      if (Images.parents(view, id, image.digest()).isEmpty()
          && (subject == null || Images.find(view, id, subject) == null)) {
        candidates.add(
            new Candidate(image.digest(), image.pushedAt(), Images.tags(view, id, image.digest())));
      }
    }
    return candidates;
  }
}
