// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.control;

import dev.holdfast.iam.model.Entity;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.iam.model.ManagedPolicy;
import dev.holdfast.iam.model.ServiceUse;
import dev.holdfast.iam.plan.AwsPolicies;
import dev.holdfast.iam.plan.UsesOfRole;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.policy.Caller;
import dev.holdfast.policy.Containment;
import dev.holdfast.policy.Context;
import dev.holdfast.policy.Evaluator;
import dev.holdfast.policy.NamedPolicy;
import dev.holdfast.policy.Policies;
import dev.holdfast.policy.PolicyDocument;
import dev.holdfast.policy.PolicyDocument.Kind;
import dev.holdfast.policy.Request;
import dev.holdfast.policy.Shrink;
import dev.holdfast.policy.Shrink.Proposal;
import dev.holdfast.policy.Shrink.Use;
import dev.holdfast.service.AuditEvent;
import dev.holdfast.service.State;
import dev.holdfast.service.Tags;
import dev.holdfast.store.View;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Proposes the least policies that cover what a role did: it is shown the audit, then asked. It
 * changes nothing.
 */
public final class Shrinking {

  /**
   * A policy of the role.
   *
   * @param arn null for an inline policy
   * @param alone whether nothing but this role uses it, and the account may change it
   * @param versions how many it has; 0 for an inline policy
   * @param version the one in force; empty for an inline policy
   */
  public record Place(
      String name, @Nullable String arn, boolean alone, int versions, String version) {}

  /** What is proposed for a policy of the role. */
  public record Offer(Place place, Proposal proposal) {}

  /**
   * How the record fares with the proposal.
   *
   * @param uses different ones of the record
   * @param allowed by today's policies, with what the record tells of each call
   * @param lost of these, those that the proposal does not allow: none, or it is withheld
   */
  public record Replay(int uses, int allowed, int lost) {}

  /**
   * The outcome.
   *
   * @param calls of the role that were found
   * @param unresolved actions whose resources are not known
   */
  public record Outcome(
      List<Offer> offers, Replay replay, long calls, List<String> unresolved, List<String> used) {
    public Outcome {
      offers = List.copyOf(offers);
      unresolved = List.copyOf(unresolved);
      used = List.copyOf(used);
    }
  }

  private final State state;
  private final ServiceUses uses;
  private final AccountId account;
  private final Entity role;
  private final UsesOfRole record;

  private Shrinking(State state, ServiceUses uses, AccountId account, Entity role) {
    this.state = state;
    this.uses = uses;
    this.account = account;
    this.role = role;
    this.record = new UsesOfRole(role.id());
  }

  public static Optional<Shrinking> of(
      State state, ServiceUses uses, AccountId account, String role) {
    return state
        .read(view -> Directory.find(view, account, EntityKind.ROLE, role))
        .map(entity -> new Shrinking(state, uses, account, entity));
  }

  /** Looks at an event of the account. */
  public void see(AuditEvent event) {
    record.see(event);
  }

  /** Not all of the audit could be shown, or some of it is gone. */
  public void incomplete() {
    record.incomplete();
  }

  /**
   * What is proposed.
   *
   * @param since the beginning of the record that was shown
   * @throws IllegalStateException where a proposal would not hold what it promises
   */
  public Outcome propose(Instant since) {
    return state.read(view -> propose(view, since));
  }

  private Outcome propose(View view, Instant since) {
    // what brings data is counted there and is not in the audit
    for (ServiceUse use : uses.of(view, account, role.id()).values()) {
      use.actions()
          .forEach(
              (action, at) -> {
                if (!at.lastGranted().isBefore(since)) {
                  record.used(use.service() + ":" + action);
                }
              });
    }
    var places = new ArrayList<Place>();
    var policies = new ArrayList<NamedPolicy>();
    collect(view, places, policies);
    List<Proposal> proposals = Shrink.of(policies, record.uses().keySet(), record.unresolved());
    proposals.forEach(Shrinking::prove);
    Replay replay = replay(view, policies, proposals);
    if (replay.lost() > 0) {
      throw new IllegalStateException(
          "a proposal for " + role.name() + " would take away what was used");
    }
    var offers = new ArrayList<Offer>();
    for (int i = 0; i < places.size(); i++) {
      offers.add(new Offer(places.get(i), proposals.get(i)));
    }
    return new Outcome(
        offers,
        replay,
        record.calls(),
        record.unresolved().stream().sorted().toList(),
        record.actions());
  }

  private static void prove(Proposal proposal) {
    PolicyDocument document = proposal.document();
    if (document != null && !Containment.within(document, proposal.policy().document())) {
      throw new IllegalStateException(
          "a proposal for " + proposal.policy().name() + " is not proved to lie within it");
    }
  }

  private void collect(View view, List<Place> places, List<NamedPolicy> policies) {
    role.grants()
        .inline()
        .forEach(
            (name, text) -> {
              places.add(new Place(name, null, true, 0, ""));
              policies.add(new NamedPolicy(name, PolicyDocument.parse(text, Kind.IDENTITY)));
            });
    for (String arn : role.grants().managed()) {
      Directory.policy(view, account, arn)
          .ifPresent(
              policy -> {
                places.add(place(view, arn, policy));
                policies.add(
                    new NamedPolicy(
                        arn, PolicyDocument.parse(policy.inForce().document(), Kind.IDENTITY)));
              });
    }
  }

  private Place place(View view, String arn, ManagedPolicy policy) {
    boolean alone =
        !AwsPolicies.isAws(arn)
            && ManagedPolicies.attachments(view, account, arn) == 1
            && Boundaries.users(view, account, arn).isEmpty();
    return new Place(policy.name(), arn, alone, policy.versions().size(), policy.defaultVersion());
  }

  /** Judges each use by today's policies and by the proposal, as it was asked for. */
  private Replay replay(View view, List<NamedPolicy> policies, List<Proposal> proposals) {
    Policies before = Policies.ofIdentity(policies);
    var proposed = new ArrayList<NamedPolicy>();
    for (Proposal proposal : proposals) {
      PolicyDocument document = proposal.document();
      if (document != null) {
        proposed.add(new NamedPolicy(proposal.policy().name(), document));
      }
    }
    Policies after = Policies.ofIdentity(proposed);
    int allowed = 0;
    int lost = 0;
    Map<String, String> tags = Tags.of(view, account, role.arn(account));
    for (Map.Entry<Use, AuditEvent> each : record.uses().entrySet()) {
      Request request = request(view, each.getKey(), each.getValue(), tags);
      if (Evaluator.decide(before, request).allowed()) {
        allowed++;
        lost += Evaluator.decide(after, request).allowed() ? 0 : 1;
      }
    }
    return new Replay(record.uses().size(), allowed, lost);
  }

  private Request request(View view, Use use, AuditEvent event, Map<String, String> tags) {
    JsonObject document = event.document();
    String arn = String.valueOf(document.object("userIdentity").string("arn"));
    Context.Builder keys =
        Context.builder()
            .put("aws:CurrentTime", event.time().toString())
            .put("aws:EpochTime", Long.toString(event.time().getEpochSecond()))
            .put("aws:PrincipalArn", role.arn(account).toString())
            .put("aws:PrincipalAccount", account.digits())
            .put("aws:PrincipalType", "AssumedRole")
            .put("aws:PrincipalIsAWSService", "false")
            .put("aws:ResourceAccount", account.digits());
    told(keys, "aws:userid", document.object("userIdentity").string("principalId"));
    told(keys, "aws:SourceIp", document.string("sourceIPAddress"));
    told(keys, "aws:UserAgent", document.string("userAgent"));
    told(keys, "aws:RequestedRegion", document.string("awsRegion"));
    tags.forEach((key, value) -> keys.put("aws:PrincipalTag/" + key, value));
    String service = use.action().substring(0, use.action().indexOf(':'));
    Tags.of(view, account, use.resource())
        .forEach(
            (key, value) -> {
              keys.put("aws:ResourceTag/" + key, value);
              keys.put(service + ":ResourceTag/" + key, value);
            });
    var caller = Caller.roleSession(account.digits(), arn, role.arn(account).toString(), role.id());
    return new Request(caller, use.action(), use.resource(), account.digits(), keys.build());
  }

  private static void told(Context.Builder keys, String key, @Nullable String value) {
    if (value != null) {
      keys.put(key, value);
    }
  }
}
