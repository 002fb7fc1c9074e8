// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.plan;

import dev.holdfast.policy.Context;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Principal;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The condition keys of one decision: the demand's own, then the global ones that exist for the
 * call. Nothing is computed that no policy asks for.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html">Global
 *     condition keys</a>
 */
public final class RequestContext implements Context {
  private static final String PRINCIPAL_TAG = "aws:principaltag/";
  private static final String RESOURCE_TAG = ":resourcetag/";
  private static final String REQUEST_TAG = "aws:requesttag/";

  private final Call call;
  private final Demand demand;
  private final Map<String, String> resourceTags;
  private final Map<String, List<String>> own = new HashMap<>();

  /**
   * The context of a demand.
   *
   * @param resourceTags what the resource is tagged with now
   */
  public RequestContext(Call call, Demand demand, Map<String, String> resourceTags) {
    this.call = call;
    this.demand = demand;
    this.resourceTags = resourceTags;
    demand.keys().forEach((key, values) -> own.put(Context.fold(key), values));
  }

  @Override
  public @Nullable List<String> values(String name) {
    String key = Context.fold(name);
    List<String> given = own.get(key);
    if (given != null) {
      return given;
    }
    if (key.startsWith(PRINCIPAL_TAG)) {
      return tag(call.principal().tags(), key.substring(PRINCIPAL_TAG.length()));
    }
    int resourceTag = key.indexOf(RESOURCE_TAG);
    if (resourceTag > 0) {
      String service = key.substring(0, resourceTag);
      return service.equals("aws") || service.equals(ofResource())
          ? resourceTag(key.substring(resourceTag + RESOURCE_TAG.length()))
          : null;
    }
    List<String> federated = federated(key);
    if (federated != null || !key.startsWith("aws:")) {
      return federated;
    }
    String value = ofCall(key);
    if (value == null) {
      value = ofPrincipal(key);
    }
    if (value != null) {
      return List.of(value);
    }
    return key.equals("aws:calledvia") && !call.via().isEmpty() ? call.via() : null;
  }

  /** What an identity provider said when the session was opened. */
  private @Nullable List<String> federated(String key) {
    Principal.Session session = call.principal().session();
    return session == null ? null : session.federation().get(key);
  }

  /** The service that the resource is of: what STS is asked about is a role, which is IAM's. */
  private String ofResource() {
    String action = Context.fold(demand.action());
    String service = action.substring(0, action.indexOf(':'));
    return service.equals("sts") ? "iam" : service;
  }

  /** What the resource is tagged with, or will be once it is made. */
  private @Nullable List<String> resourceTag(String key) {
    return demand.makes() && resourceTags.isEmpty()
        ? own.get(REQUEST_TAG + key)
        : tag(resourceTags, key);
  }

  private @Nullable String ofCall(String key) {
    return switch (key) {
      case "aws:currenttime" -> call.now().truncatedTo(ChronoUnit.SECONDS).toString();
      case "aws:epochtime" -> Long.toString(call.now().getEpochSecond());
      case "aws:requestedregion" ->
          demand.action().startsWith("iam:") ? "us-east-1" : call.region().name();
      case "aws:securetransport" -> Boolean.toString(call.origin().secure());
      case "aws:useragent" -> call.origin().userAgent();
      case "aws:viaawsservice" -> Boolean.toString(!call.via().isEmpty());
      case "aws:sourceip" -> call.via().isEmpty() ? call.origin().sourceIp() : null;
      case "aws:calledviafirst" -> call.via().isEmpty() ? null : call.via().getFirst();
      case "aws:calledvialast" -> call.via().isEmpty() ? null : call.via().getLast();
      case "aws:resourceaccount" ->
          (demand.owner() == null ? call.account() : demand.owner()).digits();
      default -> null;
    };
  }

  private @Nullable String ofPrincipal(String key) {
    Principal principal = call.principal();
    Principal.Session session = principal.session();
    boolean federated = principal.federatedName() != null;
    if (principal.identity().kind() == Principal.Kind.WEB_IDENTITY) {
      return null; // nobody of the account's, who has said nothing but what the demand tells
    }
    return switch (key) {
      case "aws:principalaccount" -> principal.account().digits();
      case "aws:principaltype" -> federated ? "FederatedUser" : type(principal.identity().kind());
      case "aws:principalarn" ->
          (federated ? principal.arn() : principal.identity().arn()).toString();
      case "aws:principalisawsservice" -> "false";
      case "aws:userid" -> principal.userId();
      case "aws:username" ->
          principal.identity().kind() == Principal.Kind.USER && !federated
              ? principal.identity().name()
              : null;
      case "aws:tokenissuetime" -> session == null ? null : session.issued().toString();
      case "aws:multifactorauthpresent" ->
          session == null ? null : Boolean.toString(session.mfaAt() != null);
      case "aws:multifactorauthage" ->
          session == null || session.mfaAt() == null
              ? null
              : Long.toString(Duration.between(session.mfaAt(), call.now()).toSeconds());
      case "aws:sourceidentity" -> session == null ? null : session.sourceIdentity();
      default -> null;
    };
  }

  private static String type(Principal.Kind kind) {
    return switch (kind) {
      case ROOT -> "Account";
      case USER -> "User";
      case ROLE -> "AssumedRole";
      case WEB_IDENTITY -> "Anonymous";
    };
  }

  /** Tag keys are compared without regard to case, as in condition keys. */
  private static @Nullable List<String> tag(Map<String, String> tags, String key) {
    for (Map.Entry<String, String> tag : tags.entrySet()) {
      if (Context.fold(tag.getKey()).equals(key)) {
        return List.of(tag.getValue());
      }
    }
    return null;
  }
}
