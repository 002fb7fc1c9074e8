// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import dev.holdfast.service.Demand;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * For which resources of which actions AWS knows {@code aws:ResourceTag}.
 *
 * @see <a href="https://docs.aws.amazon.com/service-authorization/latest/reference/">Service
 *     authorization reference</a>
 */
final class TagFacts {
  /** AWS's action knows no resource. */
  private static final List<String> NO_RESOURCE =
      List.of(
          "cloudtrail:LookupEvents",
          "ecr:DeleteRegistryPolicy GetAuthorizationToken GetRegistryPolicy "
              + "PutRegistryPolicy",
          "ecs:DeleteAccountSetting DeregisterTaskDefinition DescribeTaskDefinition "
              + "DiscoverPollEndpoint ListAccountSettings ListClusters ListServices "
              + "ListServicesByNamespace ListTaskDefinitionFamilies ListTaskDefinitions "
              + "PutAccountSetting PutAccountSettingDefault",
          "iam:CreateAccountAlias DeleteAccountAlias DeleteAccountPasswordPolicy "
              + "GenerateCredentialReport GetAccountAuthorizationDetails "
              + "GetAccountPasswordPolicy GetAccountSummary GetContextKeysForCustomPolicy "
              + "GetCredentialReport GetServiceLastAccessedDetails "
              + "GetServiceLastAccessedDetailsWithEntities ListAccountAliases ListGroups "
              + "ListInstanceProfiles ListPolicies ListRoles ListUsers "
              + "ListVirtualMFADevices SimulateCustomPolicy UpdateAccountPasswordPolicy",
          "kms:CreateKey ListAliases ListKeys ListRetirableGrants",
          "secretsmanager:BatchGetSecretValue GetRandomPassword ListSecrets",
          "ssm:DeleteActivation DescribeActivations DescribeInstanceInformation "
              + "DescribeParameters",
          "sts:GetAccessKeyInfo");

  /** AWS gives groups no tags. */
  private static final List<String> GROUPS =
      List.of(
          "iam:AddUserToGroup AttachGroupPolicy CreateGroup DeleteGroup "
              + "DeleteGroupPolicy DetachGroupPolicy GetGroup GetGroupPolicy "
              + "ListAttachedGroupPolicies ListGroupPolicies PutGroupPolicy "
              + "RemoveUserFromGroup UpdateGroup");

  /** Whose signature is enough. */
  private static final List<String> NEVER_DENIED =
      List.of(
          "sts:GetCallerIdentity GetSessionToken");

  /** Operations on nothing that AWS lets a policy tell by its tags, each with why. */
  static final Map<String, String> WITHOUT_TAGS = withoutTags();

  private static Map<String, String> withoutTags() {
    var reasons = new TreeMap<String, String>();
    put(reasons, NO_RESOURCE, "AWS's action knows no resource");
    put(reasons, GROUPS, "AWS gives groups no tags");
    put(reasons, NEVER_DENIED, "no policy is asked");
    return reasons;
  }

  /** Rows of a service and its operations. */
  private static void put(Map<String, String> reasons, List<String> rows, String why) {
    for (String row : rows) {
      String service = row.substring(0, row.indexOf(':') + 1);
      for (String name : row.substring(service.length()).split(" ", -1)) {
        reasons.put(service + name, why);
      }
    }
  }

  /** A kind of resource of an action. */
  private record Kind(Pattern arn, boolean tagged) {}

  private final Map<String, List<Kind>> rows;

  private TagFacts(Map<String, List<Kind>> rows) {
    this.rows = rows;
  }

  static TagFacts read() throws IOException {
    var rows = new HashMap<String, List<Kind>>();
    try (InputStream in = TagFacts.class.getResourceAsStream("/iam-actions.tsv")) {
      if (in == null) {
        throw new IOException("iam-actions.tsv is missing");
      }
      new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .skip(1)
          .map(line -> line.split("\t", -1))
          .forEach(cells -> rows.put(cells[0], kinds(cells)));
    }
    return new TagFacts(rows);
  }

  private static List<Kind> kinds(String[] cells) {
    String[] types = cells[2].split(" ", -1);
    String[] arns = cells[3].split(" ", -1);
    var kinds = new ArrayList<Kind>();
    for (int i = 0; i < arns.length && !arns[i].isEmpty(); i++) {
      String type = arns.length == types.length ? types[i] : "";
      kinds.add(new Kind(pattern(arns[i]), tagged(cells[4], type)));
    }
    return kinds;
  }

  /** Whether the section of a type, or any where the type is not told, has the key. */
  private static boolean tagged(String keys, String type) {
    for (String section : keys.split(";", -1)) {
      String text = section.strip();
      boolean meant = type.isEmpty() || text.startsWith(type + ":");
      if (meant && text.contains("aws:ResourceTag/")) {
        return true;
      }
    }
    return false;
  }

  private static Pattern pattern(String format) {
    var regex = new StringBuilder();
    for (String part : format.split("(?=\\$\\{)|(?<=\\})", -1)) {
      regex.append(
          switch (part) {
            case "${Partition}", "${Region}", "${Account}" -> "[^:]+";
            default -> part.startsWith("${") ? ".+" : Pattern.quote(part);
          });
    }
    return Pattern.compile(regex.toString());
  }

  /** Whether AWS tells what a demand is on by its tags. */
  boolean hasTags(Demand demand) {
    return rows.getOrDefault(demand.action(), List.of()).stream()
        .anyMatch(kind -> kind.tagged() && kind.arn().matcher(demand.resource()).matches());
  }
}
