// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.sts;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.CommonError;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.Protocol;
import dev.holdfast.aws.sts.AssumeRoleWithWebIdentityRequest;
import dev.holdfast.aws.sts.AssumeRoleWithWebIdentityResponse;
import dev.holdfast.aws.sts.StsError;
import dev.holdfast.aws.sts.StsModel;
import dev.holdfast.iam.control.Directory;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.IssuedSession;
import dev.holdfast.iam.control.PolicySets;
import dev.holdfast.iam.control.Sessions;
import dev.holdfast.iam.control.oidc.WebIdentities;
import dev.holdfast.iam.model.Federation;
import dev.holdfast.iam.model.Role;
import dev.holdfast.iam.model.RoleFacts;
import dev.holdfast.iam.plan.oidc.Claims;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.policy.Context;
import dev.holdfast.policy.Gate;
import dev.holdfast.policy.NamedPolicy;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Principal;
import dev.holdfast.service.Tags;
import dev.holdfast.service.UnsignedOperation;
import dev.holdfast.store.Table;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * AssumeRoleWithWebIdentity: the token of an identity provider proves who calls, and the role's
 * trust policy decides.
 */
public record AssumeRoleWithWebIdentity(
    IamState iam, Sessions sessions, PolicySets sets, WebIdentities identities)
    implements UnsignedOperation<
        AssumeRoleWithWebIdentityRequest, AssumeRoleWithWebIdentityResponse> {
  private static final int DEFAULT_SECONDS = 3_600;

  @Override
  public OperationModel<AssumeRoleWithWebIdentityRequest, AssumeRoleWithWebIdentityResponse>
      model() {
    return StsModel.ASSUME_ROLE_WITH_WEB_IDENTITY;
  }

  @Override
  public AccountId about(AssumeRoleWithWebIdentityRequest in) {
    return account(StsWire.roleArn(in.roleArn()));
  }

  /** The account of a role; one that is not there has no provider either. */
  private AccountId account(Arn role) {
    return AccountId.parse(role.account()).filter(identities::exists).orElse(Table.PLATFORM);
  }

  @Override
  public Principal caller(AssumeRoleWithWebIdentityRequest in, Instant now) {
    if (in.providerId() != null) {
      throw StsWire.invalid(
          "the parameter `ProviderId` is for OAuth 2.0 access tokens, which are not taken here:"
              + " leave it out");
    }
    return identities.proved(about(in), in.webIdentityToken(), now);
  }

  @Override
  public Access access(Call call, AssumeRoleWithWebIdentityRequest in) {
    Claims claims = claims(call, in);
    String provider = call.principal().arn().toString();
    NamedPolicy trust = JudgedRole.trust(iam, sets, call, in.roleArn());
    var demands = new ArrayList<Demand>();
    demands.add(demand("AssumeRoleWithWebIdentity", in, provider, claims, trust).revealing());
    if (!claims.tags().isEmpty()) {
      demands.add(demand("TagSession", in, provider, claims, trust));
    }
    if (claims.sourceIdentity() != null) {
      demands.add(demand("SetSourceIdentity", in, provider, claims, trust));
    }
    return new Access(demands);
  }

  private Claims claims(Call call, AssumeRoleWithWebIdentityRequest in) {
    if (call.principal().identity().kind() != Principal.Kind.WEB_IDENTITY) {
      throw notAuthorized();
    }
    return identities
        .claims(call.account(), in.webIdentityToken(), call.now())
        .orElseThrow(AssumeRoleWithWebIdentity::notAuthorized);
  }

  private static ApiError notAuthorized() {
    return CommonError.ACCESS_DENIED
        .in(Protocol.QUERY)
        .because("Not authorized to perform sts:AssumeRoleWithWebIdentity");
  }

  private static Demand demand(
      String action,
      AssumeRoleWithWebIdentityRequest in,
      String provider,
      Claims claims,
      NamedPolicy trust) {
    Demand demand =
        Demand.on("sts:" + action, StsWire.roleArn(in.roleArn()))
            .keys(claims.keys())
            .keys(claims.further())
            .key("aws:FederatedProvider", provider)
            .key("sts:RoleSessionName", in.roleSessionName())
            .key("sts:SourceIdentity", claims.sourceIdentity())
            .requestTags(claims.tags())
            .judgedBy(trust, Gate.ROLE_TRUST);
    return claims.transitive().isEmpty()
        ? demand
        : demand.keys("sts:TransitiveTagKeys", claims.transitive());
  }

  @Override
  public AssumeRoleWithWebIdentityResponse handle(Call call, AssumeRoleWithWebIdentityRequest in) {
    Claims claims = claims(call, in);
    Role role =
        iam.state()
            .read(view -> Directory.roleByArn(view, in.roleArn()))
            .orElseThrow(AssumeRoleWithWebIdentity::notAuthorized);
    RoleFacts facts =
        sessions.role(in.roleArn()).orElseThrow(AssumeRoleWithWebIdentity::notAuthorized);
    Tags.fault(claims.tags())
        .ifPresent(
            fault -> {
              throw StsError.IDP_REJECTED_CLAIM.because("%s", fault);
            });
    var limits = SessionLimits.of(in.policy(), in.policyArns(), claims.tags());
    iam.state().read(view -> limits.requirePolicies(view, facts.account()));
    var wanted =
        new Sessions.Wanted(
            Sessions.Wanted.owner(facts),
            in.roleSessionName(),
            Duration.ofSeconds(seconds(in, role)),
            null,
            claims.sourceIdentity(),
            SessionTags.document(
                call.principal(),
                claims.tags(),
                claims.transitive(),
                limits,
                federation(call.principal(), claims)),
            false);
    IssuedSession issued = sessions.draw(wanted, call.now());
    return iam.state()
        .commit(
            call,
            tx -> {
              Arn provider = call.principal().arn();
              if (!JudgedRole.stands(tx, call, in.roleArn())
                  || !WebIdentities.stands(tx, call.account(), provider)) {
                throw notAuthorized();
              }
              Sessions.keep(tx, issued);
              return AssumeRoleWithWebIdentityResponse.builder()
                  .credentials(StsWire.credentials(issued))
                  .subjectFromWebIdentityToken(claims.subject())
                  .assumedRoleUser(StsWire.assumed(facts, in.roleSessionName()))
                  .packedPolicySize(limits.packedSize())
                  .provider(provider.toString())
                  .audience(claims.audience())
                  .sourceIdentity(claims.sourceIdentity())
                  .build();
            });
  }

  private static int seconds(AssumeRoleWithWebIdentityRequest in, Role role) {
    int seconds = Objects.requireNonNullElse(in.durationSeconds(), DEFAULT_SECONDS);
    if (seconds > role.settings().maxSession()) {
      throw StsWire.invalid(
          "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
    }
    return seconds;
  }

  /** What the session's own requests tell of the provider and of what it said. */
  private static Federation federation(Principal principal, Claims claims) {
    var keys = new LinkedHashMap<String, List<String>>();
    claims.keys().forEach((key, values) -> keys.put(Context.fold(key), values));
    keys.put("aws:federatedprovider", List.of(principal.arn().toString()));
    return new Federation(Map.copyOf(keys));
  }
}
