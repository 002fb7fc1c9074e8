// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.service;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.policy.Gate;
import dev.holdfast.policy.NamedPolicy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One decision that a call needs.
 *
 * <p>The guard itself adds the global keys, the principal's, and the tags that the resource has
 * now; a demand adds what only its operation knows.
 *
 * @param resource the ARN, or {@code *} where the action knows none
 * @param owner the resource's account; null means the caller's
 * @param keys condition keys of the service, in any case
 * @param policies the resource's own policies: none, one, or several that speak together
 * @param reads whether the action reveals content, so that the environment-leak guard looks at it
 * @param tagged whose tags count; null means the resource's own
 * @param makes whether the resource is made by the call: until it is there, it has the tags that
 *     the request gives it
 */
public record Demand(
    String action,
    String resource,
    @Nullable AccountId owner,
    Map<String, List<String>> keys,
    List<NamedPolicy> policies,
    Gate gate,
    boolean reads,
    @Nullable String tagged,
    boolean makes) {
  /** What the platform's own actions begin with, which no policy knows. */
  private static final String OWN = "holdfast:";

  public Demand {
    keys = Collections.unmodifiableMap(new LinkedHashMap<>(keys));
    policies = List.copyOf(policies);
  }

  public static Demand on(String action) {
    return new Demand(action, "*", null, Map.of(), List.of(), Gate.NONE, false, null, false);
  }

  public static Demand on(String action, Arn resource) {
    return new Demand(
        action,
        resource.toString(),
        AccountId.parse(resource.account()).orElse(null),
        Map.of(),
        List.of(),
        Gate.NONE,
        false,
        null,
        false);
  }

  public Demand key(String name, @Nullable String value) {
    return value == null ? this : keys(name, List.of(value));
  }

  public Demand keys(String name, List<String> values) {
    return keys(Map.of(name, List.copyOf(values)));
  }

  /** Several keys at once, which is cheaper than one after the other. */
  public Demand keys(Map<String, List<String>> several) {
    var more = new LinkedHashMap<>(keys);
    more.putAll(several);
    return new Demand(action, resource, owner, more, policies, gate, reads, tagged, makes);
  }

  /** The tags that the request gives: {@code aws:RequestTag/...} and {@code aws:TagKeys}. */
  public Demand requestTags(Map<String, String> tags) {
    if (tags.isEmpty()) {
      return this;
    }
    var more = new LinkedHashMap<String, List<String>>();
    tags.forEach((k, v) -> more.put("aws:RequestTag/" + k, List.of(v)));
    more.put("aws:TagKeys", List.copyOf(tags.keySet()));
    return keys(more);
  }

  /**
   * As {@link #requestTags}, of a resource that the call makes: it has these tags from the first.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-resourcetag">aws:ResourceTag</a>
   */
  public Demand made(Map<String, String> tags) {
    Demand with = requestTags(tags);
    return new Demand(
        action, resource, owner, with.keys, policies, gate, reads, tagged, !tags.isEmpty());
  }

  /** The tag keys that the request removes. */
  public Demand tagKeys(List<String> names) {
    return keys("aws:TagKeys", names);
  }

  /** Judged also by the resource's own policy. */
  public Demand judgedBy(NamedPolicy resourcePolicy, Gate how) {
    return new Demand(
        action, resource, owner, keys, List.of(resourcePolicy), how, reads, tagged, makes);
  }

  /** Judged by one policy more, of the same gate: each may allow, each may deny. */
  public Demand judgedAlsoBy(NamedPolicy another) {
    var all = new ArrayList<>(policies);
    all.add(another);
    return new Demand(action, resource, owner, keys, all, gate, reads, tagged, makes);
  }

  /** Marks an action that reveals what the resource holds. */
  public Demand revealing() {
    return new Demand(action, resource, owner, keys, policies, gate, true, tagged, makes);
  }

  /** Of a resource that has the tags of another one, which it is a part of. */
  public Demand taggedAs(Arn whole) {
    return new Demand(
        action, resource, owner, keys, policies, gate, reads, whole.toString(), makes);
  }

  /**
   * Whether this is asked of the guardrails alone: of the platform's own actions no policy says.
   */
  public boolean ofGuardrails() {
    return isOwn(action);
  }

  /** Whether an action is one of the platform's own, of which AWS and policies know nothing. */
  public static boolean isOwn(String action) {
    return action.startsWith(OWN);
  }

  /** The resource whose tags count. */
  public String tagsOf() {
    return tagged == null ? resource : tagged;
  }
}
