// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.Schema;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** A pagination token goes on where its own caller was, in that listing, and nowhere else. */
class PageTokenDoorTest {
  /** A listing that has more than one thing here: the request, and the same with another filter. */
  record Listing(String operation, String request, String other) {
    String service() {
      return operation.substring(0, operation.indexOf(':'));
    }

    boolean iam() {
      return service().equals("iam");
    }

    String in() {
      return switch (service()) {
        case "iam", "kms" -> "Marker";
        case "ssm", "secretsmanager", "cloudtrail" -> "NextToken";
        default -> "nextToken";
      };
    }

    String out() {
      return switch (service()) {
        case "iam" -> "Marker";
        case "kms" -> "NextMarker";
        default -> in();
      };
    }

    @Override
    public String toString() {
      return operation;
    }
  }

  private static final List<Listing> LISTINGS =
      List.of(
          new Listing("iam:ListUsers", "\"MaxItems\":1", ",\"PathPrefix\":\"/x/\""),
          new Listing("iam:ListRoles", "\"MaxItems\":1", ",\"PathPrefix\":\"/x/\""),
          new Listing("iam:ListGroups", "\"MaxItems\":1", ",\"PathPrefix\":\"/x/\""),
          new Listing("iam:ListPolicies", "\"MaxItems\":1", ",\"Scope\":\"Local\""),
          new Listing("iam:ListUserPolicies", "\"MaxItems\":1,\"UserName\":\"u1\"", ""),
          new Listing("iam:ListUserTags", "\"MaxItems\":1,\"UserName\":\"u1\"", ""),
          new Listing("iam:ListGroupsForUser", "\"MaxItems\":1,\"UserName\":\"u1\"", ""),
          new Listing("iam:ListInstanceProfiles", "\"MaxItems\":1", ",\"PathPrefix\":\"/x/\""),
          new Listing(
              "iam:ListVirtualMFADevices", "\"MaxItems\":1", ",\"AssignmentStatus\":\"Assigned\""),
          new Listing(
              "iam:GetAccountAuthorizationDetails", "\"MaxItems\":1", ",\"Filter\":[\"Role\"]"),
          new Listing("kms:ListKeys", "\"Limit\":1", ""),
          new Listing("kms:ListAliases", "\"Limit\":1", ""),
          new Listing(
              "ssm:DescribeParameters",
              "\"MaxResults\":1",
              ",\"ParameterFilters\":[{\"Key\":\"Type\",\"Values\":[\"String\"]}]"),
          new Listing(
              "ssm:GetParametersByPath", "\"MaxResults\":1,\"Path\":\"/p\"", ",\"Recursive\":true"),
          new Listing(
              "ssm:DescribeActivations",
              "\"MaxResults\":1",
              ",\"Filters\":[{\"FilterKey\":\"IamRole\",\"FilterValues\":[\"edge\"]}]"),
          new Listing("ssm:GetParameterHistory", "\"MaxResults\":1,\"Name\":\"/p/1\"", ""),
          new Listing(
              "secretsmanager:ListSecrets", "\"MaxResults\":1", ",\"IncludePlannedDeletion\":true"),
          new Listing(
              "secretsmanager:ListSecretVersionIds", "\"MaxResults\":1,\"SecretId\":\"s1\"", ""),
          new Listing(
              "secretsmanager:BatchGetSecretValue",
              "\"MaxResults\":1,\"Filters\":[{\"Key\":\"name\",\"Values\":[\"s\"]}]",
              ""),
          new Listing("logs:DescribeLogGroups", "\"limit\":1", ",\"logGroupNamePrefix\":\"/g\""),
          new Listing(
              "logs:DescribeLogStreams",
              "\"limit\":1,\"logGroupName\":\"/g1\"",
              ",\"descending\":true"),
          new Listing("ecr:DescribeRepositories", "\"maxResults\":1", ""),
          new Listing("ecs:ListClusters", "\"maxResults\":1", ""),
          new Listing("ecs:ListTaskDefinitions", "\"maxResults\":1", ",\"familyPrefix\":\"web\""),
          new Listing(
              "ecs:ListTaskDefinitionFamilies", "\"maxResults\":1", ",\"familyPrefix\":\"f\""),
          new Listing("ecs:DescribeCapacityProviders", "\"maxResults\":1", ""),
          new Listing("ecs:ListAccountSettings", "\"maxResults\":1,\"effectiveSettings\":true", ""),
          new Listing(
              "cloudtrail:LookupEvents",
              "\"MaxResults\":1",
              ",\"LookupAttributes\":[{\"AttributeKey\":\"ReadOnly\",\"AttributeValue\":\"false\"}]"));

  /** Listings that are empty here; they use the same tokens ({@code PageTokensTest}). */
  private static final Set<String> EMPTY_HERE =
      Set.of(
          "ecr:DescribeImages",
          "ecr:ListImages",
          "ecs:ListAttributes",
          "ecs:ListContainerInstances",
          "ecs:ListServiceDeployments",
          "ecs:ListServices",
          "ecs:ListServicesByNamespace",
          "ecs:ListTasks",
          "iam:GetGroup",
          "iam:GetServiceLastAccessedDetails",
          "iam:GetServiceLastAccessedDetailsWithEntities",
          "iam:ListAccessKeys",
          "iam:ListAccountAliases",
          "iam:ListAttachedGroupPolicies",
          "iam:ListAttachedRolePolicies",
          "iam:ListAttachedUserPolicies",
          "iam:ListEntitiesForPolicy",
          "iam:ListGroupPolicies",
          "iam:ListInstanceProfileTags",
          "iam:ListInstanceProfilesForRole",
          "iam:ListMFADeviceTags",
          "iam:ListMFADevices",
          "iam:ListOpenIDConnectProviderTags",
          "iam:ListPoliciesGrantingServiceAccess",
          "iam:ListPolicyTags",
          "iam:ListPolicyVersions",
          "iam:ListRolePolicies",
          "iam:ListRoleTags",
          "iam:ListSSHPublicKeys",
          "iam:ListServiceSpecificCredentials",
          "iam:ListSigningCertificates",
          "iam:SimulateCustomPolicy",
          "iam:SimulatePrincipalPolicy",
          "kms:ListGrants",
          "kms:ListKeyPolicies",
          "kms:ListResourceTags",
          "kms:ListRetirableGrants",
          "ssm:GetResourcePolicies",
          "logs:FilterLogEvents",
          "logs:GetLogEvents", // its tokens are places in the one stream that it names
          "ssm:DescribeInstanceInformation");

  private static Harbor harbor;
  private static Harbor.User other;

  @BeforeAll
  static void open() throws IOException {
    harbor = Harbor.open();
    other = harbor.user("u0");
    harbor.policy(
        other,
        Json.parseObject(
            """
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"""));
    fill(harbor.home().administrator(), "us-east-1");
    fill(harbor.foreign().administrator(), "us-east-1");
    fill(harbor.home().administrator(), "eu-central-1");
  }

  @AfterAll
  static void close() throws IOException {
    harbor.close();
  }

  /** Two and more of everything. */
  private static void fill(Credentials by, String region) {
    boolean global = region.equals("us-east-1");
    for (int i = 1; i <= 3; i++) {
      if (global) {
        iam(by, i);
      }
      make(
          by,
          region,
          "ssm:PutParameter",
          "{\"Name\":\"/p/%d\",\"Value\":\"v\",\"Type\":\"String\"}".formatted(i));
      make(by, region, "ssm:CreateActivation", "{\"IamRole\":\"edge\"}");
      make(
          by,
          region,
          "secretsmanager:CreateSecret",
          "{\"Name\":\"s%d\",\"SecretString\":\"v\"}".formatted(i));
      make(
          by,
          region,
          "secretsmanager:PutSecretValue",
          "{\"SecretId\":\"s%d\",\"SecretString\":\"w\"}".formatted(i));
      make(
          by,
          region,
          "ssm:PutParameter",
          "{\"Name\":\"/p/1\",\"Value\":\"v%d\",\"Type\":\"String\",\"Overwrite\":true}"
              .formatted(i));
      JsonObject key = harbor.call(by, region, "kms:CreateKey", "{}").object("KeyMetadata");
      make(
          by,
          region,
          "kms:CreateAlias",
          "{\"AliasName\":\"alias/a%d\",\"TargetKeyId\":\"%s\"}"
              .formatted(i, Harbor.text(key, "KeyId")));
      make(by, region, "ecr:CreateRepository", "{\"repositoryName\":\"web/r%d\"}".formatted(i));
      make(by, region, "ecs:CreateCluster", "{\"clusterName\":\"c%d\"}".formatted(i));
      make(by, region, "logs:CreateLogGroup", "{\"logGroupName\":\"/g%d\"}".formatted(i));
      make(
          by,
          region,
          "logs:CreateLogStream",
          "{\"logGroupName\":\"/g1\",\"logStreamName\":\"s%d\"}".formatted(i));
      make(
          by,
          region,
          "ecs:RegisterTaskDefinition",
          ForeignNames.registration("f" + i, "web/r1:1", ""));
    }
  }

  private static void iam(Credentials by, int i) {
    make(
        by,
        "us-east-1",
        "iam:CreateUser",
        "{\"UserName\":\"u%d\",\"Tags\":[{\"Key\":\"a\",\"Value\":\"b\"},{\"Key\":\"c\",\"Value\":\"d\"}]}"
            .formatted(i));
    make(by, "us-east-1", "iam:CreateGroup", "{\"GroupName\":\"g%d\"}".formatted(i));
    make(
        by,
        "us-east-1",
        "iam:AddUserToGroup",
        "{\"GroupName\":\"g%d\",\"UserName\":\"u1\"}".formatted(i));
    JsonObject policy =
        JsonObject.EMPTY.with("PolicyName", "p" + i).with("PolicyDocument", Cargo.ALLOW);
    make(by, "us-east-1", "iam:CreatePolicy", Json.text(policy));
    make(by, "us-east-1", "iam:PutUserPolicy", Json.text(policy.with("UserName", "u1")));
    make(
        by,
        "us-east-1",
        "iam:CreateInstanceProfile",
        "{\"InstanceProfileName\":\"i%d\"}".formatted(i));
    make(
        by,
        "us-east-1",
        "iam:CreateVirtualMFADevice",
        "{\"VirtualMFADeviceName\":\"m%d\"}".formatted(i));
    if (i == 1) {
      JsonObject edge =
          JsonObject.EMPTY
              .with("RoleName", "edge")
              .with("AssumeRolePolicyDocument", MachineCargo.TRUST);
      make(by, "us-east-1", "iam:CreateRole", Json.text(edge));
    }
    make(by, "us-east-1", "iam:CreateRole", ForeignNames.trusting("r" + i, "*"));
  }

  private static void make(Credentials by, String region, String operation, String json) {
    JsonObject _ = harbor.call(by, region, operation, json);
  }

  private static String first(Listing listing, Credentials by, String region) {
    return Harbor.text(
        harbor.call(by, region, listing.operation(), "{" + listing.request() + "}"), listing.out());
  }

  private static String with(Listing listing, String token) {
    return "{%s,\"%s\":\"%s\"}".formatted(listing.request(), listing.in(), token);
  }

  private static void refused(
      String why, Listing listing, Credentials by, String region, String request) {
    try {
      JsonObject answer = harbor.call(by, region, listing.operation(), request);
      throw new AssertionError(why + " was served: " + Json.text(answer));
    } catch (ApiError e) {
      assertThat(e.shape().status()).as(why + ": " + e.text()).isEqualTo(400);
      assertThat(e.code()).as(why).doesNotContain("Internal");
    }
  }

  @TestFactory
  Stream<DynamicTest> aTokenIsItsCallersAndItsListings() {
    return LISTINGS.stream().map(l -> DynamicTest.dynamicTest(l.operation(), () -> check(l)));
  }

  private static void check(Listing listing) {
    Credentials home = harbor.home().administrator();
    String here = "us-east-1";
    String token = first(listing, home, here);
    make(home, here, listing.operation(), with(listing, token));

    refused("another user's", listing, other.credentials(), here, with(listing, token));
    refused(
        "another account's", listing, harbor.foreign().administrator(), here, with(listing, token));
    if (!listing.iam()) {
      refused("another region's", listing, home, "eu-central-1", with(listing, token));
    }
    if (!listing.other().isEmpty()) {
      refused(
          "another filter's",
          listing,
          home,
          here,
          with(listing, token).replace("{", "{" + listing.other().substring(1) + ","));
    }
    for (Listing another : LISTINGS) {
      if (!another.operation().equals(listing.operation())) {
        refused("of " + another, listing, home, here, with(listing, first(another, home, here)));
      }
    }
    for (String made :
        List.of(
            "x", token.substring(1), token + "AAAA", token.toUpperCase(java.util.Locale.ROOT))) {
      refused("a made up one", listing, home, here, with(listing, made));
    }
  }

  @Test
  void everyListingWithTokensIsKnown() {
    Set<String> paged =
        harbor.operations().stream()
            .filter(
                o ->
                    o.model().input().members().stream()
                        .map(Schema.Member::name)
                        .anyMatch(Set.of("Marker", "NextToken", "nextToken")::contains))
            .map(o -> o.model().toString())
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> known = new TreeSet<>(EMPTY_HERE);
    LISTINGS.forEach(l -> known.add(l.operation()));
    assertThat(paged).isEqualTo(known);
  }
}
