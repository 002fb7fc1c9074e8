// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.service;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.policy.Caller;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who calls: an identity, the key it used, the tags it carries, and its session where it has one.
 *
 * @param tags the user's or role's tags overlaid by the session's ({@code aws:PrincipalTag})
 */
public record Principal(
    Identity identity, String accessKeyId, Map<String, String> tags, @Nullable Session session) {

  /** What kind of identity calls. */
  public enum Kind {
    ROOT,
    USER,
    ROLE,
    /** Somebody whom an identity provider vouches for, who asks for a role. */
    WEB_IDENTITY
  }

  /**
   * An identity that survives its sessions.
   *
   * @param uniqueId {@code AIDA...}, {@code AROA...}, or the account id for root; a deleted and
   *     re-made user has another. For a web identity the provider, the audience and the subject
   * @param name the user's or role's name without its path; a web identity's subject
   * @param arn the user, the account's root, the role (with its path), or the identity provider
   */
  public record Identity(Kind kind, AccountId account, String uniqueId, String name, Arn arn) {}

  /**
   * Temporary credentials.
   *
   * @param id unique to the session
   * @param name the role session name, or the federated user's; empty for a user's own session
   * @param mfaAt when a second factor was shown, or null
   * @param sourceIdentity sticks for the whole chain of roles
   * @param transitive the tags that the next role of the chain inherits
   * @param policy the inline session policy, or null for none
   * @param chained whether the caller that opened it was a role session itself
   * @param policyArns managed policies that limit the session beside the inline one
   * @param federation condition keys of what an identity provider vouched for, in lower case
   * @param tags the session's own tags, which overlay those of its user or role
   */
  public record Session(
      String id,
      String name,
      Instant issued,
      Instant expires,
      @Nullable Instant mfaAt,
      @Nullable String sourceIdentity,
      Map<String, String> transitive,
      @Nullable String policy,
      boolean chained,
      List<String> policyArns,
      Map<String, List<String>> federation,
      Map<String, String> tags) {
    public Session {
      transitive = Collections.unmodifiableMap(new LinkedHashMap<>(transitive));
      policyArns = List.copyOf(policyArns);
      federation = Map.copyOf(federation);
      tags = Map.copyOf(tags);
    }

    /** The same session with these as its own tags. */
    public Session tagged(Map<String, String> own) {
      return new Session(
          id,
          name,
          issued,
          expires,
          mfaAt,
          sourceIdentity,
          transitive,
          policy,
          chained,
          policyArns,
          federation,
          own);
    }

    /** A session without tags of its own that no managed policy limits. */
    public Session(
        String id,
        String name,
        Instant issued,
        Instant expires,
        @Nullable Instant mfaAt,
        @Nullable String sourceIdentity,
        Map<String, String> transitive,
        @Nullable String policy,
        boolean chained) {
      this(
          id,
          name,
          issued,
          expires,
          mfaAt,
          sourceIdentity,
          transitive,
          policy,
          chained,
          List.of(),
          Map.of(),
          Map.of());
    }
  }

  /** The tag that puts a principal or a resource into an environment. */
  public static final String ENVIRONMENT = "environment";

  public Principal {
    tags = Collections.unmodifiableMap(new LinkedHashMap<>(tags));
  }

  public AccountId account() {
    return identity.account();
  }

  /**
   * The name of the federated user that a user or the root user opened this session for, or null.
   */
  public @Nullable String federatedName() {
    return identity.kind() == Kind.ROLE || session == null || session.name().isEmpty()
        ? null
        : session.name();
  }

  /** The ARN that denials and {@code GetCallerIdentity} show. */
  public Arn arn() {
    String federated = federatedName();
    if (federated != null) {
      return Arn.global("sts", account(), "federated-user/" + federated);
    }
    return identity.kind() == Kind.ROLE && session != null
        ? Arn.global("sts", account(), "assumed-role/" + identity.name() + "/" + session.name())
        : identity.arn();
  }

  /** {@code aws:userid}. */
  public String userId() {
    String federated = federatedName();
    if (federated != null) {
      return account().digits() + ":" + federated;
    }
    return identity.kind() == Kind.ROLE && session != null
        ? identity.uniqueId() + ":" + session.name()
        : identity.uniqueId();
  }

  /** This principal as policies see it. */
  public Caller caller() {
    String account = account().digits();
    if (federatedName() != null) {
      boolean user = identity.kind() == Kind.USER;
      return Caller.federated(
          account,
          arn().toString(),
          user ? identity.arn().toString() : null,
          user ? identity.uniqueId() : "");
    }
    return switch (identity.kind()) {
      case ROOT -> Caller.root(account);
      case USER -> Caller.user(account, identity.arn().toString(), identity.uniqueId());
      case ROLE ->
          Caller.roleSession(
              account, arn().toString(), identity.arn().toString(), identity.uniqueId());
      case WEB_IDENTITY -> Caller.provider(identity.arn().toString());
    };
  }

  /** The environment this principal belongs to, or null where it has none. */
  public @Nullable String environment() {
    return tags.get(ENVIRONMENT);
  }
}
