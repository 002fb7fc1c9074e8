// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli.rules;

import dev.holdfast.app.cli.CliFailure;
import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.client.AwsClient;
import dev.holdfast.aws.iam.AttachedPolicy;
import dev.holdfast.aws.iam.GetPolicyRequest;
import dev.holdfast.aws.iam.GetPolicyVersionRequest;
import dev.holdfast.aws.iam.GetRolePolicyRequest;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.ListAttachedRolePoliciesRequest;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a role's policies are at the moment, to be held against what a proposal was made of. */
record Standing(AwsClient client, String role) {

  /**
   * Refuses where a policy is not what the proposal was made of.
   *
   * @throws CliFailure with what to do
   */
  void requireUnchanged(JsonObject policy) throws IOException, InterruptedException {
    String name = Said.text(policy, "name");
    String arn = policy.string("arn");
    Optional<String> now;
    try {
      now = arn == null ? inline(name) : managed(arn, policy);
    } catch (ApiError e) {
      if (!e.code().equals("NoSuchEntity")) {
        throw e;
      }
      now = Optional.empty();
    }
    if (now.isEmpty() || !now.get().equals(policy.string("now"))) {
      throw new CliFailure(
          "the policy "
              + name
              + " was changed since the proposal was made, so it is left as it is:"
              + " look at a new proposal");
    }
  }

  /** Refuses where the role has an inline policy of this name. */
  void requireFree(String name) throws IOException, InterruptedException {
    try {
      var _ = inline(name);
    } catch (ApiError e) {
      if (e.code().equals("NoSuchEntity")) {
        return;
      }
      throw e;
    }
    throw new CliFailure(
        "the role has an inline policy " + name + " since the proposal was made: start again");
  }

  private Optional<String> inline(String name) throws IOException, InterruptedException {
    var answer =
        client.call(
            IamModel.GET_ROLE_POLICY,
            GetRolePolicyRequest.builder().roleName(role).policyName(name).build());
    return Optional.of(decoded(answer.policyDocument()));
  }

  /** The text in force; none where another version is, or where it is used elsewhere too by now. */
  private Optional<String> managed(String arn, JsonObject policy)
      throws IOException, InterruptedException {
    var now =
        client
            .call(IamModel.GET_POLICY, GetPolicyRequest.builder().policyArn(arn).build())
            .policy();
    String version = policy.string("version");
    if (now == null
        || version == null
        || !version.equals(now.defaultVersionId())
        || !attached(arn)
        || (policy.isTrue("alone")
            && (count(now.attachmentCount()) != 1
                || count(now.permissionsBoundaryUsageCount()) != 0))) {
      return Optional.empty();
    }
    var text =
        client
            .call(
                IamModel.GET_POLICY_VERSION,
                GetPolicyVersionRequest.builder().policyArn(arn).versionId(version).build())
            .policyVersion();
    return Optional.ofNullable(text).map(v -> v.document()).map(Standing::decoded);
  }

  private boolean attached(String arn) throws IOException, InterruptedException {
    String marker = null;
    do {
      var page =
          client.call(
              IamModel.LIST_ATTACHED_ROLE_POLICIES,
              ListAttachedRolePoliciesRequest.builder().roleName(role).marker(marker).build());
      var some =
          page.attachedPolicies() == null ? List.<AttachedPolicy>of() : page.attachedPolicies();
      if (some.stream().anyMatch(policy -> arn.equals(policy.policyArn()))) {
        return true;
      }
      marker = page.marker();
    } while (marker != null);
    return false;
  }

  private static int count(@Nullable Integer number) {
    return number == null ? 0 : number;
  }

  /** IAM gives documents percent-encoded. */
  private static String decoded(String document) {
    return URLDecoder.decode(document, StandardCharsets.UTF_8);
  }
}
