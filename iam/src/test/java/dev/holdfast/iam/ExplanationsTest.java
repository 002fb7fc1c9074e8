// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.iam.CreateAccessKeyRequest;
import dev.holdfast.aws.iam.CreateAccessKeyResponse;
import dev.holdfast.aws.iam.CreatePolicyRequest;
import dev.holdfast.aws.iam.CreateUserRequest;
import dev.holdfast.aws.iam.PutUserPermissionsBoundaryRequest;
import dev.holdfast.aws.iam.PutUserPolicyRequest;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.Region;
import dev.holdfast.service.Access;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Principal;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is told of a denial to whoever may read the policies, and that it is enough. */
class ExplanationsTest {
  private final Fixture f = new Fixture();
  private final Principal ann = ann();

  private Principal ann() {
    f.call(f.administrator(), CreateUserRequest.builder().userName("ann").build());
    var key =
        f.call(
                f.administrator(),
                CreateAccessKeyRequest.builder().userName("ann").build(),
                CreateAccessKeyResponse.class)
            .accessKey();
    return f.principal(new Credentials(key.accessKeyId(), key.secretAccessKey(), null));
  }

  private void policy(String name, String statements) {
    f.call(
        f.administrator(),
        PutUserPolicyRequest.builder()
            .userName("ann")
            .policyName(name)
            .policyDocument("{\"Version\":\"2012-10-17\",\"Statement\":[" + statements + "]}")
            .build());
  }

  private void boundary(String name, String statements) {
    f.call(
        f.administrator(),
        CreatePolicyRequest.builder()
            .policyName(name)
            .policyDocument("{\"Version\":\"2012-10-17\",\"Statement\":[" + statements + "]}")
            .build());
    f.call(
        f.administrator(),
        PutUserPermissionsBoundaryRequest.builder()
            .userName("ann")
            .permissionsBoundary("arn:aws:iam::" + f.account + ":policy/" + name)
            .build());
  }

  private Arn arn(String service, String resource) {
    return Arn.of(service, Region.GLOBAL, f.account, resource);
  }

  private void require(Demand... demands) {
    f.iam.guard().require(f.call(ann, "ecs"), new Access(List.of(demands)));
  }

  private String explained(Demand... demands) {
    ApiError refusal = catchThrowableOfType(ApiError.class, () -> require(demands));
    return f.iam
        .explain(refusal.text().replaceAll(".*authorization id: ([0-9a-f-]+).*", "$1"))
        .orElseThrow();
  }

  /** The statements that an explanation proposes for a kind of policy. */
  private static List<String> proposed(String text, String place) {
    var found = new ArrayList<String>();
    String[] lines = text.split("\n", -1);
    for (int i = 0; i + 1 < lines.length; i++) {
      if (lines[i].startsWith("  in " + place)) {
        found.add(lines[i + 1].strip());
      }
    }
    return found;
  }

  /** A call that demands several things fails at the first; all that is wanting is told. */
  @Test
  void whatIsProposedIsEnoughForTheWholeCall() {
    Demand[] demands = {
      Demand.on("ecs:CreateCluster", arn("ecs", "cluster/a")),
      Demand.on("ecs:TagResource", arn("ecs", "cluster/a")),
      Demand.on("iam:PassRole", Arn.global("iam", f.account, "role/r"))
    };
    policy("some", "{\"Effect\":\"Allow\",\"Action\":\"ecs:TagResource\",\"Resource\":\"*\"}");
    boundary("edge", "{\"Effect\":\"Allow\",\"Action\":\"ecs:CreateCluster\",\"Resource\":\"*\"}");
    String text = explained(demands);
    List<String> own = proposed(text, "an identity-based policy");
    List<String> edge = proposed(text, "the permissions boundary");
    assertThat(own).hasSize(2);
    assertThat(edge).hasSize(2);
    assertThat(text).contains("all of them together");
    policy("more", String.join(",", own));
    boundary(
        "wider",
        "{\"Effect\":\"Allow\",\"Action\":\"ecs:CreateCluster\",\"Resource\":\"*\"},"
            + String.join(",", edge));
    require(demands);
  }

  @Test
  void everyLayerIsToldAndWhoHoldsAnInlinePolicy() {
    policy("some", "{\"Effect\":\"Allow\",\"Action\":\"kms:*\",\"Resource\":\"*\"}");
    boundary("edge", "{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}");
    assertThat(explained(Demand.on("ecs:CreateCluster", arn("ecs", "cluster/a"))))
        .contains(
            "  identity-based policy `some (inline, of the user ann)`: no statement covers this"
                + " action\n")
        .contains(
            "  permissions boundary `arn:aws:iam::"
                + f.account
                + ":policy/edge`: 1 statement covers this action\n");
    policy("some", "{\"Effect\":\"Deny\",\"Action\":\"kms:*\",\"Resource\":\"*\"}");
    assertThat(explained(Demand.on("ecs:CreateCluster", arn("ecs", "cluster/a"))))
        .contains("the smallest statement that would allow it\n");
  }

  @Test
  void aDenyIsToldWithItsValuesAndWhomToAsk() {
    policy(
        "far",
        "{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"},"
            + "{\"Sid\":\"Far\",\"Effect\":\"Deny\",\"Action\":\"ecs:*\",\"Resource\":\"*\",\"Condition\":"
            + "{\"StringNotEquals\":{\"aws:RequestedRegion\":\"eu-west-1\"}}}");
    String text =
        explained(
            Demand.on("ecs:CreateCluster", arn("ecs", "cluster/a")),
            Demand.on("iam:PassRole", Arn.global("iam", f.account, "role/r")));
    assertThat(text)
        .contains(
            "    holds: StringNotEquals aws:RequestedRegion; the policy says `eu-west-1`, the call"
                + " `us-east-1`\n")
        .contains(
            "  ask whoever administers IAM in the account "
                + f.account
                + " about `far (inline, of the user ann)` statement 2 (Far)")
        .doesNotContain("smallest");
  }

  /** A Deny of a later demand is no less in the way. */
  @Test
  void nothingIsProposedWhereALaterDemandIsDenied() {
    policy("no", "{\"Effect\":\"Deny\",\"Action\":\"iam:PassRole\",\"Resource\":\"*\"}");
    assertThat(
            explained(
                Demand.on("ecs:CreateCluster", arn("ecs", "cluster/a")),
                Demand.on("iam:PassRole", Arn.global("iam", f.account, "role/r"))))
        .contains("verdict: denied, because no identity-based policy allows")
        .contains("which denies iam:PassRole")
        .doesNotContain("smallest");
  }
}
