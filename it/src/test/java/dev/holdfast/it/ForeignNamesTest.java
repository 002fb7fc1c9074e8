// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.JsonValue.JsonString;
import dev.holdfast.service.Operation;
import dev.holdfast.service.UnsignedOperation;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Whoever names what is another account's, or in another region, gets the same answer word for word
 * whether it is there or not. Times are not compared: the same steps lead to both answers, save
 * that what is there is read.
 */
class ForeignNamesTest {
  private static final String ELSEWHERE = "eu-central-1";

  private static Harbor harbor;
  private static SmallestRequest requests;
  private static Map<String, JsonObject> arns;
  private static String key;
  private static String blob;

  @BeforeAll
  static void open() throws IOException {
    harbor = Harbor.open();
    Cargo cargo = Cargo.load(harbor);
    requests = cargo.requests();
    arns = cargo.arns();
    key = Harbor.text(harbor.admin("kms:CreateKey", "{}").object("KeyMetadata"), "KeyId");
    JsonObject _ =
        harbor.admin(
            "kms:CreateAlias",
            "{\"AliasName\":\"alias/there\",\"TargetKeyId\":\"%s\"}".formatted(key));
    blob =
        Harbor.text(
            harbor.admin("kms:Encrypt", "{\"KeyId\":\"%s\",\"Plaintext\":\"c2g=\"}".formatted(key)),
            "CiphertextBlob");
    own("kms:CreateKey", "{}");
    own("ecs:CreateCluster", "{\"clusterName\":\"default\"}");
    own("ecs:RegisterTaskDefinition", ForeignNames.registration("mine", "mine/web:1", ""));
    own("iam:CreateRole", ForeignNames.trusting("base", "arn:aws:iam::" + foreign() + ":root"));
  }

  @AfterAll
  static void close() throws IOException {
    harbor.close();
  }

  private static ForeignNames names() {
    return new ForeignNames(harbor, key, blob);
  }

  private static String foreign() {
    return harbor.foreign().id().digits();
  }

  private static void own(String operation, String json) {
    JsonObject _ = harbor.call(harbor.foreign().administrator(), "us-east-1", operation, json);
  }

  /** An answer in one line: the result or the error, without what differs from call to call. */
  private static String answer(Credentials by, String region, String operation, String json) {
    String text;
    try {
      text = Json.text(harbor.call(by, region, operation, json));
    } catch (ApiError e) {
      text = e.code() + ": " + e.text();
    }
    return text.replaceAll("\\(authorization id: [0-9a-f-]+\\)", "")
        .replaceAll("\"[A-Za-z]*(Date|At)\":[0-9.e+E]+", "DATE")
        .replaceAll("(AROA|AIDA)[A-Z2-7]{17}", "ID")
        .replaceAll("\"revision\":[0-9]+", "REVISION")
        .replaceAll("(task-definition/[a-z]+):[0-9]+", "$1");
  }

  private static String leveled(String answer, List<String> names) {
    String text = answer;
    for (String name : names) {
      text = text.replace(name, "NAME");
    }
    return text;
  }

  private static void alike(Credentials by, String region, ForeignNames.Pair pair) {
    String there = answer(by, region, pair.operation(), pair.there());
    String missing = answer(by, region, pair.operation(), pair.missing());
    assertThat(leveled(there, pair.names())).isEqualTo(leveled(missing, pair.names()));
  }

  /** The home account's ARNs in a request, each with its name changed by one letter. */
  private static ForeignNames.Pair changed(Operation<?, ?> operation) {
    JsonObject in = requests.of(operation.model());
    JsonObject more = arns.getOrDefault(operation.model().toString(), JsonObject.EMPTY);
    for (Map.Entry<String, JsonValue> member : more.members().entrySet()) {
      in = in.with(member.getKey(), member.getValue());
    }
    var names = new TreeMap<String, String>();
    JsonValue other = changed(in, names);
    String there = Json.text(in);
    var all = new java.util.ArrayList<>(names.keySet());
    all.addAll(names.values());
    return new ForeignNames.Pair(operation.model().toString(), there, Json.text(other), all);
  }

  private static JsonValue changed(JsonValue value, Map<String, String> names) {
    return switch (value) {
      case JsonString(var text) -> new JsonString(changed(text, names));
      case JsonArray(var items) ->
          new JsonArray(items.stream().map(item -> changed(item, names)).toList());
      case JsonObject object -> {
        JsonObject made = JsonObject.EMPTY;
        for (Map.Entry<String, JsonValue> member : object.members().entrySet()) {
          made = made.with(member.getKey(), changed(member.getValue(), names));
        }
        yield made;
      }
      default -> value;
    };
  }

  private static String changed(String text, Map<String, String> names) {
    Matcher arn =
        Pattern.compile("arn:aws:[a-z]+:[a-z0-9-]*:" + harbor.account() + ":(.*?)((?::[0-9]+)?)")
            .matcher(text);
    if (!arn.matches() || arn.group(1).equals("root")) {
      return text;
    }
    String name = arn.group(1);
    String other = name.substring(0, name.length() - 1) + (name.endsWith("a") ? 'b' : 'a');
    int last = name.lastIndexOf('/') + 1;
    names.put(name.substring(last), other.substring(last));
    return text.replace(name, other);
  }

  private static Stream<ForeignNames.Pair> allThatTakeArns() {
    return harbor.operations().stream()
        .filter(
            o -> !(o instanceof UnsignedOperation)) // nobody's account calls: WebIdentityDoorTest
        .map(ForeignNamesTest::changed)
        .filter(pair -> !pair.names().isEmpty());
  }

  private static Stream<DynamicTest> each(
      Stream<ForeignNames.Pair> pairs, java.util.function.Consumer<ForeignNames.Pair> body) {
    return pairs.map(pair -> DynamicTest.dynamicTest(pair.toString(), () -> body.accept(pair)));
  }

  @TestFactory
  Stream<DynamicTest> anArnOfAnotherAccount() {
    Credentials foreign = harbor.foreign().administrator();
    return each(allThatTakeArns(), pair -> alike(foreign, "us-east-1", pair));
  }

  @TestFactory
  Stream<DynamicTest> anArnOfAnotherRegion() {
    Credentials home = harbor.home().administrator();
    return each(
        // What these name is of no region.
        allThatTakeArns()
            .filter(pair -> !pair.operation().matches("(iam|sts):.*|kms:ListRetirableGrants")),
        pair -> {
          alike(home, ELSEWHERE, pair);
          assertThat(answer(home, ELSEWHERE, pair.operation(), pair.there()))
              .as("nothing of another region is answered for")
              .matches("(?s)[A-Za-z]+: .*|.*\"(failures|InvalidParameters)\":\\[[^\\]].*");
        });
  }

  /** At home the same names do make a difference; else nothing was shown above. */
  @Test
  void theNamesAreThere() {
    Credentials home = harbor.home().administrator();
    List<String> apart =
        allThatTakeArns()
            .filter(pair -> pair.operation().matches("[a-z]+:(Get|Describe|List).*"))
            .filter(
                pair ->
                    !leveled(
                            answer(home, "us-east-1", pair.operation(), pair.there()), pair.names())
                        .equals(
                            leveled(
                                answer(home, "us-east-1", pair.operation(), pair.missing()),
                                pair.names())))
            .map(ForeignNames.Pair::operation)
            .toList();
    assertThat(apart)
        .contains(
            "kms:DescribeKey",
            "ssm:GetParameter",
            "ecs:DescribeTaskDefinition",
            "ecs:DescribeClusters",
            "ecr:ListTagsForResource",
            "iam:GetPolicy")
        .hasSizeGreaterThan(15);
  }

  @TestFactory
  Stream<DynamicTest> aNameOfAnotherAccount() {
    Credentials foreign = harbor.foreign().administrator();
    return each(names().others(), pair -> alike(foreign, "us-east-1", pair));
  }

  /**
   * A trust policy in somebody of another account, who is there or not, is shown as it was given.
   */
  @Test
  void aTrustPolicyShowsNothingOfThoseItNames() {
    Credentials foreign = harbor.foreign().administrator();
    for (String name : List.of("sailor", "nobody")) {
      own(
          "iam:CreateRole",
          ForeignNames.trusting(
              "of-" + name, "arn:aws:iam::" + harbor.account() + ":user/" + name));
      assertThat(
              answer(
                  foreign, "us-east-1", "iam:GetRole", "{\"RoleName\":\"of-%s\"}".formatted(name)))
          .contains("user%2F" + name);
    }
    JsonObject _ = harbor.admin("iam:CreateUser", "{\"UserName\":\"nobody\"}");
    JsonObject made =
        harbor.admin("iam:CreateAccessKey", "{\"UserName\":\"nobody\"}").object("AccessKey");
    var nobody =
        new Credentials(
            Harbor.text(made, "AccessKeyId"), Harbor.text(made, "SecretAccessKey"), null);
    JsonObject _ =
        harbor.admin(
            "iam:AttachUserPolicy",
            "{\"UserName\":\"nobody\",\"PolicyArn\":\"arn:aws:iam::aws:policy/AdministratorAccess\"}");
    String assume =
        "{\"RoleSessionName\":\"session\",\"RoleArn\":\"arn:aws:iam::"
            + foreign()
            + ":role/of-%s\"}";
    assertThat(answer(nobody, "us-east-1", "sts:AssumeRole", assume.formatted("nobody")))
        .as("whoever gets the name later is not trusted")
        .startsWith("AccessDenied: ");
    JsonObject _ =
        harbor.admin(
            "iam:AttachUserPolicy",
            "{\"UserName\":\"sailor\",\"PolicyArn\":\"arn:aws:iam::aws:policy/AdministratorAccess\"}");
    JsonObject keys =
        harbor.admin("iam:CreateAccessKey", "{\"UserName\":\"sailor\"}").object("AccessKey");
    var sailor =
        new Credentials(
            Harbor.text(keys, "AccessKeyId"), Harbor.text(keys, "SecretAccessKey"), null);
    assertThat(answer(sailor, "us-east-1", "sts:AssumeRole", assume.formatted("sailor")))
        .contains("AccessKeyId");
  }

  /** The caller's own record of a refused call shows no more than the answer did. */
  @Test
  void theRecordOfARefusedCallShowsNoMore() {
    Credentials foreign = harbor.foreign().administrator();
    String asked = "{\"KeyId\":\"" + names().arn("kms", "alias/there") + "\"}";
    assertThat(answer(foreign, "us-east-1", "kms:DescribeKey", asked)).doesNotContain(key);
    String events =
        answer(
            foreign,
            "us-east-1",
            "cloudtrail:LookupEvents",
            "{\"LookupAttributes\":[{\"AttributeKey\":\"EventName\",\"AttributeValue\":\"DescribeKey\"}]}");
    assertThat(events).contains("alias/there").doesNotContain(key);
    assertThat(answer(harbor.home().administrator(), "us-east-1", "kms:DescribeKey", asked))
        .contains(key);
  }

  /**
   * A policy for one region held nothing back: an ARN led into another one, past {@code
   * aws:RequestedRegion}.
   */
  @Test
  void aPolicyForOneRegionIsNotLedIntoAnother() {
    Harbor.User user = harbor.user("regional");
    harbor.policy(
        user,
        Json.parseObject(
            """
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*",
             "Condition":{"StringEquals":{"aws:RequestedRegion":"%s"}}}]}"""
                .formatted(ELSEWHERE)));
    String request = "{\"clusters\":[\"" + names().arn("ecs", "cluster/shop") + "\"]}";
    assertThat(answer(user.credentials(), "us-east-1", "ecs:DescribeClusters", request))
        .startsWith("AccessDeniedException: ");
    assertThat(answer(user.credentials(), ELSEWHERE, "ecs:DescribeClusters", request))
        .isEqualTo("InvalidParameterException: Invalid Region in ARN");
    String tagged = "{\"resourceArn\":\"" + names().arn("ecr", "repository/shop/kept") + "\"}";
    assertThat(answer(user.credentials(), ELSEWHERE, "ecr:ListTagsForResource", tagged))
        .startsWith("InvalidParameterException: ");
    assertThat(answer(user.credentials(), ELSEWHERE, "ecs:DescribeClusters", "{}"))
        .contains("failures");
  }

  /** Another spelling of an ARN is no other resource, to which a Deny would not apply. */
  @Test
  void anArnHasOneSpelling() {
    Credentials home = harbor.home().administrator();
    for (String other : List.of("aws-cn", "foo", "AWS", "*")) {
      assertThat(
              answer(
                  home,
                  "us-east-1",
                  "ecs:TagResource",
                  "{\"resourceArn\":\"arn:%s:ecs:us-east-1:%s:cluster/shop\",\"tags\":[{\"key\":\"k\",\"value\":\"v\"}]}"
                      .formatted(other, harbor.account())))
          .startsWith("InvalidParameterException: ");
    }
  }
}
