// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.model;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Ids;
import dev.holdfast.store.Table;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tables of IAM. */
public final class IamTables {

  /**
   * An account of this installation.
   *
   * @param alias no other account has it, or null
   * @param passwords its password policy, or null
   */
  public record Account(
      AccountId id, Instant created, @Nullable String alias, @Nullable PasswordRules passwords) {
    public static Account fresh(AccountId id, Instant created) {
      return new Account(id, created, null, null);
    }

    public Account called(@Nullable String name) {
      return new Account(id, created, name, passwords);
    }

    public Account with(@Nullable PasswordRules rules) {
      return new Account(id, created, alias, rules);
    }
  }

  /** A session document and when the last session that needs it ends. */
  public record KeptDocument(SessionDocument document, Instant until) {}

  /** Index of {@link #ENTITIES}: by the ARN of an attached policy. */
  public static final String ATTACHED = "attached";

  /** Index of {@link #ENTITIES}: by the ARN of their permissions boundary. */
  public static final String BOUNDED = "bounded";

  /** Index of {@link #ENTITIES}: users by the folded name of a group. */
  public static final String MEMBERS = "members";

  /** Index of {@link #ACCOUNTS}: by alias. */
  public static final String ALIAS = "alias";

  /** Index of {@link #PROFILES}: by the folded name of the role. */
  public static final String PROFILE_ROLE = "role";

  /** Index of {@link #MFA_DEVICES}: by the id of the user whose it is. */
  public static final String HOLDER = "holder";

  /** Index of {@link #ACCESS_KEYS}: by account and user id. */
  public static final String OWNER = "owner";

  /** Index of {@link #ACCESS_KEYS}: those that wait since a restore. */
  public static final String RESTORED = "restored";

  public static final Table<Entity.Key, Entity> ENTITIES =
      Table.<Entity.Key, Entity>of(
              "iam-entities", Entity.class, k -> List.of(k.kind().word(), k.folded()))
          .index(ATTACHED, e -> e.grants().managed().stream().map(List::of).toList())
          .index(
              BOUNDED,
              e ->
                  e.grants().boundary() == null
                      ? List.of()
                      : List.of(List.of(e.grants().boundary())))
          .index(
              MEMBERS,
              e ->
                  e instanceof User user
                      ? user.groups().stream().map(Entity::fold).map(List::of).toList()
                      : List.of());

  /** By folded name. */
  public static final Table<String, ManagedPolicy> POLICIES =
      Table.of("iam-policies", ManagedPolicy.class, name -> List.of(Entity.fold(name)));

  /** Of all accounts, under {@link Table#PLATFORM}: a request names its key, not its account. */
  public static final Table<String, AccessKey> ACCESS_KEYS =
      Table.<String, AccessKey>of("iam-access-keys", AccessKey.class, List::of)
          .index(OWNER, k -> List.of(List.of(k.account().digits(), k.userId())))
          .index(RESTORED, k -> k.restored() ? List.of(List.of()) : List.of());

  /** Under {@link Table#PLATFORM}. */
  public static final Table<AccountId, Account> ACCOUNTS =
      Table.<AccountId, Account>of("iam-accounts", Account.class, id -> List.of(id.digits()))
          .index(ALIAS, a -> a.alias() == null ? List.of() : List.of(List.of(a.alias())));

  /** Instance profiles, by folded name. */
  public static final Table<String, StoredProfile> PROFILES =
      Table.<String, StoredProfile>of(
              "iam-instance-profiles", StoredProfile.class, name -> List.of(Entity.fold(name)))
          .index(
              PROFILE_ROLE,
              p -> p.role() == null ? List.of() : List.of(List.of(Entity.fold(p.role()))));

  /** OpenID Connect providers, by site. */
  public static final Table<String, OidcProvider> OIDC_PROVIDERS =
      Table.of("iam-oidc-providers", OidcProvider.class, List::of);

  /** The account's own issuer of tokens, by its id. */
  public static final Table<String, TokenIssuer> TOKEN_ISSUERS =
      Table.of("iam-token-issuers", TokenIssuer.class, List::of);

  /** Deletions of service-linked roles, by task id. */
  public static final Table<String, RoleDeletion> ROLE_DELETIONS =
      Table.of("iam-role-deletions", RoleDeletion.class, List::of);

  /** Virtual devices of multi-factor authentication, by folded path and name. */
  public static final Table<String, MfaDevice> MFA_DEVICES =
      Table.<String, MfaDevice>of(
              "iam-mfa-devices", MfaDevice.class, key -> List.of(Entity.fold(key)))
          .index(HOLDER, d -> d.owner() == null ? List.of() : List.of(List.of(d.owner().id())));

  /** Passwords, by the unique id of the user. */
  public static final Table<String, LoginProfile> LOGIN_PROFILES =
      Table.of("iam-login-profiles", LoginProfile.class, List::of);

  /** When keys and roles were last used: by access key id, or by the unique id of a role. */
  public static final Table<String, LastUse> LAST_USES =
      Table.of("iam-last-uses", LastUse.class, List::of);

  /** What users and roles asked of services, in their account. */
  public static final Table<ServiceUse.Key, ServiceUse> SERVICE_USES =
      Table.of("iam-service-uses", ServiceUse.class, k -> List.of(k.entity(), k.service()));

  /** Questions for service-last-accessed details, by id and so by age. */
  public static final Table<String, AccessJob> ACCESS_JOBS =
      Table.of("iam-access-jobs", AccessJob.class, List::of);

  /** An account's credential report, in the order of its parts. */
  public static final Table<Integer, ReportPart> REPORT_PARTS =
      Table.of("iam-credential-report", ReportPart.class, n -> List.of(Ids.padded(n, 6)));

  /** How many of something an account has, by the title of its quota. */
  public static final Table<String, Quota.Count> COUNTS =
      Table.of("iam-counts", Quota.Count.class, List::of);

  /** Quotas that the operator set, by title, under {@link Table#PLATFORM}. */
  public static final Table<String, Quota.Set> QUOTAS =
      Table.of("iam-quotas", Quota.Set.class, List::of);

  /** By hash, in the account of the role. */
  public static final Table<String, KeptDocument> SESSION_DOCUMENTS =
      Table.of("iam-session-documents", KeptDocument.class, List::of);

  /** By session id, or by the unique id of a user or role. */
  public static final Table<String, Revocation> REVOCATIONS =
      Table.of("iam-revocations", Revocation.class, List::of);

  /** By authorization id, under {@link Table#PLATFORM}. */
  public static final Table<String, KeptDenial> DENIALS =
      Table.of("iam-denials", KeptDenial.class, List::of);

  private IamTables() {}
}
