// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Every condition key that AWS documents of an action is presented by the operation that demands
 * it, where the request says anything to it: a Deny on a key that nobody presents fails open.
 *
 * <p>Held elsewhere: global keys and tags of resources ({@code GuardTest}, {@code TagWalkTest}),
 * what identity providers say ({@code WebIdentityDoorTest}).
 *
 * @see <a href="https://docs.aws.amazon.com/service-authorization/latest/reference/">Service
 *     authorization reference</a>
 */
class ConditionKeysTest {
  /** Services whose keys are looked at; others before the colon are identity providers' hosts. */
  private static final Set<String> SERVICES =
      Set.of("ecr", "ecs", "iam", "kms", "logs", "secretsmanager", "ssm", "sts");

  private static final String WITHOUT_KEY = "as on AWS: what has none does not present it";

  /** Keys that nobody presents, and why, by key or by action and key, in lower case. */
  private static final Map<String, String> ABSENT =
      Map.ofEntries(
          Map.entry("iam:permissionsboundary", "where there is a boundary: BoundaryTest"),
          Map.entry("kms:requestalias", "where the request names an alias: KmsTest"),
          Map.entry("kms:resourcealiases", "where the key has an alias: KmsTest"),
          Map.entry("ecs:createaction", "of tags on creation: TagWalkTest"),
          Map.entry("kms:retiregrant kms:grantconstrainttype", "where the grant has a constraint"),
          Map.entry(
              "kms:retiregrant kms:encryptioncontextkeys", "where the grant has a constraint"),
          Map.entry(
              "kms:retiregrant kms:encryptioncontext:${encryptioncontextkey}",
              "where the grant has a constraint"),
          Map.entry("kms:viaservice", "only a service's own call has one: KeyUseTest"),
          Map.entry(
              "kms:multiregionkeytype", WITHOUT_KEY + "; keys of several regions are refused"),
          Map.entry("kms:grantconstraintsourcearn", "such constraints are refused"),
          Map.entry("kms:granteeserviceprincipal", "services as grantees are refused"),
          Map.entry("kms:retiringserviceprincipal", "services as retirers are refused"),
          Map.entry("kms:trailingdayswithoutkeyusage", "the last use of a key is not recorded"),
          Map.entry("kms:recipientattestation:", "recipients are refused"),
          Map.entry("iam:roletemplatearn", "there are no role templates"),
          Map.entry("iam:registersecuritykey", "security keys are not served"),
          Map.entry("iam:fido-certification", "security keys are not served"),
          Map.entry("iam:fido-fips-140-2-certification", "security keys are not served"),
          Map.entry("iam:fido-fips-140-3-certification", "security keys are not served"),
          Map.entry("secretsmanager:resource/type", WITHOUT_KEY + "; types are refused"),
          Map.entry(
              "secretsmanager:resource/allowrotationlambdaarn", WITHOUT_KEY + "; none rotates"),
          Map.entry("ecs:instance-metadata-tags-propagation", "managed instances are refused"),
          Map.entry(
              "ecs:createcapacityprovider ecs:propagate-tags", "managed instances are refused"),
          Map.entry(
              "ecs:updatecapacityprovider ecs:propagate-tags", "managed instances are refused"));

  /** What to add to the smallest request, so that it says something to every key. */
  private static final Map<String, String> MORE =
      Map.ofEntries(
          Map.entry(
              "ecs:CreateCluster",
              "{\"configuration\":{\"managedStorageConfiguration\":{\"fargateEphemeralStorageKmsKeyId\":\"k\"}}}"),
          Map.entry(
              "ecs:UpdateCluster",
              "{\"configuration\":{\"managedStorageConfiguration\":{\"fargateEphemeralStorageKmsKeyId\":\"k\"}}}"),
          Map.entry("ecs:RunTask", "{\"taskDefinition\":\"sized\",\"enableExecuteCommand\":true}"),
          Map.entry("ecs:RegisterTaskDefinition", "{\"cpu\":\"256\",\"memory\":\"512\"}"),
          Map.entry("ecs:CreateService", service()),
          Map.entry("ecs:UpdateService", service()),
          Map.entry("ecs:ExecuteCommand", "{\"container\":\"web\"}"),
          Map.entry("kms:Encrypt", "{\"EncryptionContext\":{\"a\":\"b\"}}"),
          Map.entry("kms:Decrypt", "{\"EncryptionContext\":{\"a\":\"b\"}}"),
          Map.entry("kms:GenerateDataKey", "{\"EncryptionContext\":{\"a\":\"b\"}}"),
          Map.entry("kms:GenerateDataKeyWithoutPlaintext", "{\"EncryptionContext\":{\"a\":\"b\"}}"),
          Map.entry(
              "kms:CreateGrant",
              "{\"Constraints\":{\"EncryptionContextEquals\":{\"a\":\"b\"}},\"RetiringPrincipal\":\"arn:aws:iam::111122223333:root\"}"),
          Map.entry("kms:EnableKeyRotation", "{\"RotationPeriodInDays\":90}"),
          Map.entry("ecs:ListServices", "{\"cluster\":\"shop\"}"),
          Map.entry(
              "secretsmanager:CreateSecret",
              "{\"Description\":\"d\",\"Type\":\"t\",\"KmsKeyId\":\"11111111-1111-4111-8111-111111111111\"}"),
          Map.entry(
              "secretsmanager:UpdateSecret",
              "{\"Description\":\"d\",\"Type\":\"t\",\"KmsKeyId\":\"11111111-1111-4111-8111-111111111111\"}"),
          Map.entry(
              "secretsmanager:GetSecretValue",
              "{\"VersionId\":\"v\",\"VersionStage\":\"AWSCURRENT\"}"),
          Map.entry(
              "sts:AssumeRole",
              "{\"ExternalId\":\"external\",\"SourceIdentity\":\"ann\",\"Tags\":[{\"Key\":\"k\",\"Value\":\"v\"}],\"TransitiveTagKeys\":[\"k\"]}"));

  private static Harbor harbor;
  private static SmallestRequest requests;
  private static Harbor.User user;
  private static Map<String, List<Keys>> rows;

  /**
   * Keys of an action.
   *
   * @param of the form of ARN that they are of; null for the action itself
   */
  private record Keys(@Nullable Pattern of, Set<String> names) {}

  private static String service() {
    return """
    {"taskDefinition":"sized","enableECSManagedTags":true,"enableExecuteCommand":true,\
    "propagateTags":"SERVICE",\
    "capacityProviderStrategy":[{"capacityProvider":"FARGATE"}],\
    "volumeConfigurations":[{"name":"v"}],\
    "vpcLatticeConfigurations":[{"roleArn":"r","targetGroupArn":"t","portName":"p"}],\
    "serviceConnectConfiguration":{"enabled":true,"namespace":"n"},\
    "networkConfiguration":{"awsvpcConfiguration":{"subnets":["subnet-1"]}}}\
    """;
  }

  @BeforeAll
  static void open() throws IOException {
    harbor = Harbor.open();
    requests = Cargo.load(harbor).requests();
    harbor.admin(
        "ecs:RegisterTaskDefinition",
        "{\"family\":\"sized\",\"cpu\":\"256\",\"memory\":\"512\",\"containerDefinitions\":"
            + "[{\"name\":\"web\",\"image\":\"shop/kept:1\",\"memory\":64,\"essential\":true}]}");
    user = harbor.user("walker");
    rows = AwsActions.read(ConditionKeysTest::keys);
  }

  @AfterAll
  static void close() throws IOException {
    harbor.close();
  }

  /** {@code own keys; type*: keys; type: keys}, where the types stand in the order of the ARNs. */
  private static List<Keys> keys(String[] cells) {
    List<String> types = List.of(cells[2].split(" ", -1));
    List<String> forms = List.of(cells[3].split(" ", -1));
    var found = new ArrayList<Keys>();
    for (String part : cells[4].split("; ", -1)) {
      int colon = part.indexOf(": ");
      int type = colon < 0 ? -1 : types.indexOf(part.substring(0, colon));
      String names = type < 0 ? part : part.substring(colon + 2);
      found.add(
          new Keys(
              type < 0 || type >= forms.size() ? null : AwsActions.pattern(forms.get(type)),
              Arrays.stream(names.split(" ", -1))
                  .map(name -> name.toLowerCase(Locale.ROOT))
                  .filter(ConditionKeysTest::looked)
                  .collect(Collectors.toSet())));
    }
    return found;
  }

  private static boolean looked(String key) {
    int colon = key.indexOf(':');
    return colon > 0 && SERVICES.contains(key.substring(0, colon)) && !key.contains("resourcetag/");
  }

  private static JsonObject request(Operation<?, ?> operation) {
    JsonObject in = requests.of(operation.model());
    JsonObject more = Json.parseObject(MORE.getOrDefault(operation.model().toString(), "{}"));
    for (Map.Entry<String, JsonValue> member : more.members().entrySet()) {
      in = in.with(member.getKey(), member.getValue());
    }
    return in;
  }

  /** A key with a name of the caller's own, such as {@code kms:EncryptionContext:${Key}}. */
  private static boolean presents(Set<String> presented, String key) {
    int own = key.indexOf("${");
    return own < 0
        ? presented.contains(key)
        : presented.stream().anyMatch(p -> p.startsWith(key.substring(0, own)));
  }

  private static List<String> absent(String action, String key) {
    return ABSENT.keySet().stream()
        .filter(
            known ->
                known.equals(key)
                    || known.equals(action.toLowerCase(Locale.ROOT) + " " + key)
                    || (known.endsWith(":") && key.startsWith(known)))
        .toList();
  }

  @Test
  void everyKeyOfAnActionIsPresented() {
    var missing = new TreeSet<String>();
    var used = new TreeSet<String>();
    for (Operation<?, ?> operation : OperationContractTest.signed(harbor).toList()) {
      for (Demand demand : harbor.access(operation, request(operation), user).demands()) {
        Set<String> presented =
            demand.keys().keySet().stream()
                .map(key -> key.toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
        for (Keys keys : rows.getOrDefault(demand.action(), List.of())) {
          if (keys.of() != null && !keys.of().matcher(demand.resource()).matches()) {
            continue;
          }
          for (String key : keys.names()) {
            if (!presents(presented, key)) {
              List<String> known = absent(demand.action(), key);
              used.addAll(known);
              if (known.isEmpty()) {
                missing.add(operation.model() + ": " + demand.action() + " without " + key);
              }
            }
          }
        }
      }
    }
    assertThat(missing).isEmpty();
    assertThat(used)
        .as("keys that are known to be absent")
        .isEqualTo(new TreeSet<>(ABSENT.keySet()));
  }
}
