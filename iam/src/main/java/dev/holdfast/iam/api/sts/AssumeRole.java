// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.sts;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.CommonError;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.Protocol;
import dev.holdfast.aws.sts.AssumeRoleRequest;
import dev.holdfast.aws.sts.AssumeRoleResponse;
import dev.holdfast.aws.sts.StsModel;
import dev.holdfast.aws.sts.Tag;
import dev.holdfast.iam.control.Directory;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.IssuedSession;
import dev.holdfast.iam.control.PolicySets;
import dev.holdfast.iam.control.SecondFactor;
import dev.holdfast.iam.control.Sessions;
import dev.holdfast.iam.model.Role;
import dev.holdfast.iam.model.RoleFacts;
import dev.holdfast.policy.Gate;
import dev.holdfast.policy.NamedPolicy;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;
import dev.holdfast.service.Principal;
import dev.holdfast.service.Tags;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** AssumeRole: the caller's policies and the role's trust policy decide together. */
public record AssumeRole(IamState iam, Sessions sessions, PolicySets sets)
    implements Operation<AssumeRoleRequest, AssumeRoleResponse> {
  private static final int DEFAULT_SECONDS = 3_600;

  @Override
  public OperationModel<AssumeRoleRequest, AssumeRoleResponse> model() {
    return StsModel.ASSUME_ROLE;
  }

  @Override
  public Access access(Call call, AssumeRoleRequest in) {
    if (call.principal().identity().kind() == Principal.Kind.ROOT) {
      throw CommonError.ACCESS_DENIED
          .in(Protocol.QUERY)
          .because("Roles may not be assumed by root accounts.");
    }
    StsWire.roleArn(in.roleArn());
    NamedPolicy trust = JudgedRole.trust(iam, sets, call, in.roleArn());
    boolean shown = new SecondFactor(iam).shown(call, in.serialNumber(), in.tokenCode());
    var demands = new ArrayList<Demand>();
    String source = asked(call, in);
    demands.add(demand("AssumeRole", in, source, trust).revealing());
    if (!in.tags().isEmpty() || SessionTags.inheritsChosen(call.principal())) {
      demands.add(demand("TagSession", in, source, trust));
    }
    if (source != null) {
      demands.add(demand("SetSourceIdentity", in, source, trust));
    }
    return new Access(shown ? demands.stream().map(AssumeRole::withFactor).toList() : demands);
  }

  /** The second factor that this very call shows. */
  private static Demand withFactor(Demand demand) {
    return demand.key("aws:MultiFactorAuthPresent", "true").key("aws:MultiFactorAuthAge", "0");
  }

  private static Demand demand(
      String action, AssumeRoleRequest in, @Nullable String source, NamedPolicy trust) {
    Demand demand =
        Demand.on("sts:" + action, StsWire.roleArn(in.roleArn()))
            .key("sts:ExternalId", in.externalId())
            .key("sts:RoleSessionName", in.roleSessionName())
            .key("sts:SourceIdentity", source)
            .requestTags(Tags.map(in.tags(), Tag::key, Tag::value))
            .judgedBy(trust, Gate.ROLE_TRUST);
    return in.transitiveTagKeys().isEmpty()
        ? demand
        : demand.keys("sts:TransitiveTagKeys", in.transitiveTagKeys());
  }

  @Override
  public AssumeRoleResponse handle(Call call, AssumeRoleRequest in) {
    refuseUnserved(in);
    Role role = iam.state().read(view -> Directory.roleByArn(view, in.roleArn())).orElse(null);
    RoleFacts facts = sessions.role(in.roleArn()).orElse(null);
    if (role == null || facts == null) {
      throw notAuthorized(call, in);
    }
    Map<String, String> tags = StsWire.tags(in.tags());
    var limits = SessionLimits.of(in.policy(), in.policyArns(), tags);
    iam.state().read(view -> limits.requirePolicies(view, facts.account()));
    var wanted =
        new Sessions.Wanted(
            Sessions.Wanted.owner(facts),
            in.roleSessionName(),
            Duration.ofSeconds(seconds(call, in, role)),
            null, // AWS's role sessions tell of no second factor: the trust policy asks for it
            sourceIdentity(call, in),
            SessionTags.document(call.principal(), tags, in.transitiveTagKeys(), limits, null),
            call.principal().identity().kind() == Principal.Kind.ROLE);
    IssuedSession issued = sessions.drawFor(call.principal(), wanted, call.now());
    return iam.state()
        .commit(
            call,
            tx -> {
              if (!JudgedRole.stands(tx, call, in.roleArn())) {
                throw notAuthorized(call, in);
              }
              SecondFactor.use(tx, call, in.serialNumber(), in.tokenCode());
              Sessions.keep(tx, issued);
              return response(facts, issued, limits);
            });
  }

  private static ApiError notAuthorized(Call call, AssumeRoleRequest in) {
    return CommonError.ACCESS_DENIED
        .in(Protocol.QUERY)
        .because(
            "User: %s is not authorized to perform: sts:AssumeRole on resource: %s",
            call.principal().arn(), in.roleArn());
  }

  private static AssumeRoleResponse response(
      RoleFacts role, IssuedSession issued, SessionLimits limits) {
    return AssumeRoleResponse.builder()
        .credentials(StsWire.credentials(issued))
        .assumedRoleUser(StsWire.assumed(role, issued.facts().name()))
        .packedPolicySize(limits.packedSize())
        .sourceIdentity(issued.facts().sourceIdentity())
        .build();
  }

  private static int seconds(Call call, AssumeRoleRequest in, Role role) {
    int seconds = Objects.requireNonNullElse(in.durationSeconds(), DEFAULT_SECONDS);
    boolean chained = call.principal().identity().kind() == Principal.Kind.ROLE;
    if (chained && seconds > DEFAULT_SECONDS) {
      throw StsWire.invalid(
          "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by"
              + " role chaining");
    }
    if (seconds > role.settings().maxSession()) {
      throw StsWire.invalid(
          "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
    }
    return seconds;
  }

  private static void refuseUnserved(AssumeRoleRequest in) {
    if (!in.providedContexts().isEmpty()) {
      throw StsWire.invalid(
          "the parameter `ProvidedContexts` is not supported here yet: leave it out");
    }
  }

  /**
   * The source identity that a request gives, or hands on: a session that has one sets it again for
   * the next role, which takes the same permission on both sides.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html">Monitor
   *     and control actions taken with assumed roles</a>
   */
  private static @Nullable String asked(Call call, AssumeRoleRequest in) {
    return in.sourceIdentity() == null ? inherited(call) : in.sourceIdentity();
  }

  private static @Nullable String inherited(Call call) {
    Principal.Session session = call.principal().session();
    return session == null ? null : session.sourceIdentity();
  }

  /** A source identity sticks for the whole chain. */
  private static @Nullable String sourceIdentity(Call call, AssumeRoleRequest in) {
    String inherited = inherited(call);
    if (inherited != null
        && in.sourceIdentity() != null
        && !inherited.equals(in.sourceIdentity())) {
      throw CommonError.ACCESS_DENIED
          .in(Protocol.QUERY)
          .because("a source identity cannot be changed along a chain of roles");
    }
    return inherited == null ? in.sourceIdentity() : inherited;
  }
}
