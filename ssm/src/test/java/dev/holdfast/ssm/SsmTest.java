// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ssm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.kms.CreateKeyRequest;
import dev.holdfast.aws.kms.DisableKeyRequest;
import dev.holdfast.aws.kms.KmsModel;
import dev.holdfast.aws.kms.PutKeyPolicyRequest;
import dev.holdfast.aws.ssm.AddTagsToResourceRequest;
import dev.holdfast.aws.ssm.DeleteParameterRequest;
import dev.holdfast.aws.ssm.DeleteParametersRequest;
import dev.holdfast.aws.ssm.DescribeParametersRequest;
import dev.holdfast.aws.ssm.GetParameterHistoryRequest;
import dev.holdfast.aws.ssm.GetParameterRequest;
import dev.holdfast.aws.ssm.GetParametersByPathRequest;
import dev.holdfast.aws.ssm.GetParametersRequest;
import dev.holdfast.aws.ssm.ListTagsForResourceRequest;
import dev.holdfast.aws.ssm.Parameter;
import dev.holdfast.aws.ssm.ParameterHistory;
import dev.holdfast.aws.ssm.ParameterMetadata;
import dev.holdfast.aws.ssm.ParameterStringFilter;
import dev.holdfast.aws.ssm.PutParameterRequest;
import dev.holdfast.aws.ssm.RemoveTagsFromResourceRequest;
import dev.holdfast.aws.ssm.SsmModel;
import dev.holdfast.aws.ssm.Tag;
import dev.holdfast.iam.Iam;
import dev.holdfast.kms.World;
import dev.holdfast.service.PageTokens;
import dev.holdfast.service.Principal;
import dev.holdfast.service.Profile;
import dev.holdfast.store.Key;
import dev.holdfast.store.KeyRange;
import dev.holdfast.store.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SsmTest {
  private static final String CANARY = "canary-7f3a-do-not-leak";

  private final World world = new World(Profile.STANDARD);
  private final Principal admin = world.user(World.SHOP, "admin", World.ANYTHING);

  SsmTest() {
    world.serve(
        Ssm.create(
                new Ssm.Needs(
                    world.state,
                    world.kms,
                    world.guard(),
                    Iam::uniqueId,
                    world.pages,
                    new NoMachines(),
                    new java.util.Random(7)))
            .service());
  }

  private static void refused(String code, ThrowingCallable call) {
    assertThatExceptionOfType(ApiError.class)
        .isThrownBy(call)
        .satisfies(e -> assertThat(e.code()).isEqualTo(code));
  }

  private void put(PutParameterRequest.Builder request) {
    world.call(admin, SsmModel.PUT_PARAMETER, request.build());
  }

  private static PutParameterRequest.Builder text(String name, String value) {
    return PutParameterRequest.builder().name(name).value(value).type("String");
  }

  private static PutParameterRequest.Builder secure(String name, String value) {
    return PutParameterRequest.builder().name(name).value(value).type("SecureString");
  }

  private static List<Tag> environment(String value) {
    return List.of(new Tag("environment", value));
  }

  private Parameter get(Principal caller, String name, @Nullable Boolean decrypted) {
    return Objects.requireNonNull(
        world
            .call(
                caller,
                SsmModel.GET_PARAMETER,
                GetParameterRequest.builder().name(name).withDecryption(decrypted).build())
            .parameter());
  }

  private List<String> byPath(String path, boolean recursive) {
    var names = new ArrayList<String>();
    String token = null;
    do {
      var page =
          world.call(
              admin,
              SsmModel.GET_PARAMETERS_BY_PATH,
              GetParametersByPathRequest.builder()
                  .path(path)
                  .recursive(recursive)
                  .maxResults(2)
                  .nextToken(token)
                  .build());
      page.parameters().forEach(p -> names.add(Objects.requireNonNull(p.name())));
      token = page.nextToken();
    } while (token != null);
    return names;
  }

  /** Who asks for what is not there among many waits for no longer than a page takes, as on AWS. */
  @Test
  void aPageLooksAtSoManyParametersAlone() {
    int many = 2 * PageTokens.MOST_READ + 100;
    for (int i = 0; i < many; i++) {
      put(text("/many/%d/%04d".formatted(i % 7, i), "v"));
    }
    put(secure("/many/9/last", "v"));
    var wanted =
        GetParametersByPathRequest.builder()
            .path("/many")
            .recursive(true)
            .parameterFilters(
                List.of(new ParameterStringFilter("Type", "Equals", List.of("SecureString"))));
    var described =
        DescribeParametersRequest.builder()
            .parameterFilters(
                List.of(new ParameterStringFilter("Type", "Equals", List.of("SecureString"))));
    var first = world.call(admin, SsmModel.GET_PARAMETERS_BY_PATH, wanted.build());
    assertThat(first.parameters()).isEmpty();
    assertThat(first.nextToken()).isNotNull();
    assertThat(world.call(admin, SsmModel.DESCRIBE_PARAMETERS, described.build()).nextToken())
        .isNotNull();

    var found = new ArrayList<String>();
    int pages = 0;
    for (String token = ""; token != null; pages++) {
      var page =
          world.call(admin, SsmModel.GET_PARAMETERS_BY_PATH, wanted.nextToken(token).build());
      page.parameters().forEach(p -> found.add(Objects.requireNonNull(p.name())));
      token = page.nextToken();
    }
    assertThat(found).containsExactly("/many/9/last");
    assertThat(pages).isBetween(3, 4);
  }

  private List<String> described(String key, String option, String... values) {
    return world
        .call(
            admin,
            SsmModel.DESCRIBE_PARAMETERS,
            DescribeParametersRequest.builder()
                .parameterFilters(List.of(new ParameterStringFilter(key, option, List.of(values))))
                .build())
        .parameters()
        .stream()
        .map(ParameterMetadata::name)
        .map(Objects::requireNonNull)
        .toList();
  }

  @Test
  void keepsASecureStringEncryptedAndDecryptsItOnRequestAlone() {
    put(secure("/shop/prod/db-password", CANARY));
    Parameter closed = get(admin, "/shop/prod/db-password", null);
    assertThat(closed.value()).isBase64().doesNotContain(CANARY);
    Parameter open = get(admin, "/shop/prod/db-password", true);
    assertThat(open.value()).isEqualTo(CANARY);
    assertThat(open.arn())
        .isEqualTo("arn:aws:ssm:eu-central-1:111122223333:parameter/shop/prod/db-password");
    assertThat(get(admin, Objects.requireNonNull(open.arn()), true).value()).isEqualTo(CANARY);
  }

  @Test
  void leavesNoSecretInTheStoreTheAuditOrTexts() {
    PutParameterRequest request = secure("/a", CANARY).build();
    assertThat(request.toString()).doesNotContain(CANARY);
    world.call(admin, SsmModel.PUT_PARAMETER, request);
    assertThat(get(admin, "/a", true).toString()).doesNotContain(CANARY);
    try (Snapshot snapshot = world.store.read()) {
      var all = new KeyRange(Key.of(new byte[0]), Key.of(new byte[] {(byte) 0xff}));
      assertThat(snapshot.list(all, 10_000))
          .isNotEmpty()
          .allSatisfy(entry -> assertThat(new String(entry.value(), UTF_8)).doesNotContain(CANARY));
    }
    assertThat(world.events)
        .extracting(event -> event.name())
        .contains("PutParameter", "Encrypt", "GetParameter", "Decrypt");
    assertThat(world.events)
        .allSatisfy(event -> assertThat(event.document().toString()).doesNotContain(CANARY));
  }

  @Test
  void letsTheKeyPolicyDecideOverDecryption() {
    String key =
        Objects.requireNonNull(
                world
                    .call(admin, KmsModel.CREATE_KEY, CreateKeyRequest.builder().build())
                    .keyMetadata())
            .keyId();
    put(secure("/a", CANARY).keyId(key));
    Principal reader =
        world.user(
            World.SHOP, "reader", "{\"Effect\":\"Allow\",\"Action\":\"ssm:*\",\"Resource\":\"*\"}");
    assertThat(get(reader, "/a", false).value()).isBase64();
    refused("AccessDeniedException", () -> get(reader, "/a", true));
    world.call(
        admin,
        KmsModel.PUT_KEY_POLICY,
        PutKeyPolicyRequest.builder()
            .keyId(key)
            .policy(
                """
                {"Version":"2012-10-17","Statement":[
                  {"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},
                   "Action":"kms:*","Resource":"*"},
                  {"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:user/reader"},
                   "Action":"kms:Decrypt","Resource":"*","Condition":{"StringEquals":{
                     "kms:ViaService":"ssm.eu-central-1.amazonaws.com",
                     "kms:EncryptionContext:PARAMETER_ARN":
                       "arn:aws:ssm:eu-central-1:111122223333:parameter/a"}}}]}\
                """)
            .build());
    assertThat(get(reader, "/a", true).value()).isEqualTo(CANARY);
    put(secure("/b", CANARY).keyId(key));
    refused("AccessDeniedException", () -> get(reader, "/b", true));
    world.call(admin, KmsModel.DISABLE_KEY, DisableKeyRequest.builder().keyId(key).build());
    refused("InvalidKeyId", () -> get(admin, "/a", true));
    refused("InvalidKeyId", () -> put(secure("/c", CANARY).keyId("alias/none")));
  }

  @Test
  void countsVersionsAndKeepsAHundred() {
    put(text("/a", "1"));
    for (int i = 2; i <= 103; i++) {
      put(text("/a", Integer.toString(i)).overwrite(true));
    }
    assertThat(get(admin, "/a", null).version()).isEqualTo(103);
    assertThat(get(admin, "/a:50", null).value()).isEqualTo("50");
    assertThat(get(admin, "/a:50", null).selector()).isEqualTo(":50");
    refused("ParameterVersionNotFound", () -> get(admin, "/a:3", null));
    refused("ParameterNotFound", () -> get(admin, "/b:3", null));
    refused("ParameterVersionNotFound", () -> get(admin, "/a:label", null));
    var history = new ArrayList<ParameterHistory>();
    String token = null;
    do {
      var page =
          world.call(
              admin,
              SsmModel.GET_PARAMETER_HISTORY,
              GetParameterHistoryRequest.builder().name("/a").nextToken(token).build());
      history.addAll(page.parameters());
      token = page.nextToken();
    } while (token != null);
    assertThat(history).hasSize(100);
    assertThat(history.getFirst().value()).isEqualTo("4");
  }

  @Test
  void refusesToReplaceUnlessTold() {
    put(text("/a", "1"));
    assertThatExceptionOfType(ApiError.class)
        .isThrownBy(() -> put(text("/a", "2")))
        .satisfies(e -> assertThat(e.code()).isEqualTo("ParameterAlreadyExists"))
        .withMessage(
            "The parameter already exists. To overwrite this value, set the overwrite option in the"
                + " request to true.");
    refused("HierarchyTypeMismatchException", () -> put(secure("/a", "2").overwrite(true)));
    put(text("/a", "2").type(null).overwrite(true));
    assertThat(get(admin, "/a", null).value()).isEqualTo("2");
    refused("ParameterAlreadyExists", () -> put(text("a", "1")));
  }

  @Test
  void refusesBadNames() {
    for (String name : List.of("aws-x", "SSMx", "/a//b", "/a/", "a/b", "/a b", "/a:1", "/ssm/x")) {
      refused("ValidationException", () -> put(text(name, "1")));
    }
    refused("AccessDeniedException", () -> put(text("/aws/x", "1")));
    put(text("/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15", "1"));
    refused(
        "HierarchyLevelLimitExceededException",
        () -> put(text("/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16", "1")));
  }

  @Test
  void refusesBadValues() {
    refused("ValidationException", () -> put(text("/a", "")));
    refused("ValidationException", () -> put(text("/a", "x".repeat(4097))));
    refused("ValidationException", () -> put(text("/a", "{{ssm:b}}")));
    refused("ValidationException", () -> put(text("/a", "1").keyId("alias/aws/ssm")));
    refused("ValidationException", () -> put(text("/a", "1").policies("[]")));
    refused("ValidationException", () -> put(text("/a", "1").dataType("aws:ec2:image")));
    refused("ValidationException", () -> put(text("/a", "1").type(null)));
    refused("InvalidAllowedPatternException", () -> put(text("/a", "1").allowedPattern("(")));
    refused(
        "InvalidAllowedPatternException",
        () -> put(text("/a", "a".repeat(60) + "!").allowedPattern("(.*)(.*)(.*)(.*)(.*)(.*)\\1b")));
    refused("ParameterPatternMismatchException", () -> put(text("/a", "x").allowedPattern("\\d+")));
    put(text("/a", "x".repeat(4096)));
    put(secure("/b", "x".repeat(8192)).tier("Advanced"));
    assertThat(get(admin, "/b", true).value()).hasSize(8192);
    refused("ValidationException", () -> put(secure("/b", "x").tier("Standard").overwrite(true)));
  }

  @Test
  void readsSeveralAndNamesThoseThatAreMissing() {
    put(text("/a", "1"));
    put(secure("/b", CANARY));
    var result =
        world.call(
            admin,
            SsmModel.GET_PARAMETERS,
            GetParametersRequest.builder()
                .names(List.of("/a", "/none", "/b", "/a"))
                .withDecryption(true)
                .build());
    assertThat(result.parameters()).extracting(Parameter::value).containsExactly("1", CANARY);
    assertThat(result.invalidParameters()).containsExactly("/none");
    Principal some =
        world.user(
            World.SHOP,
            "some",
            "{\"Effect\":\"Allow\",\"Action\":\"ssm:GetParameters\",\"Resource\":"
                + "\"arn:aws:ssm:*:*:parameter/a\"}");
    refused(
        "AccessDeniedException",
        () ->
            world.call(
                some,
                SsmModel.GET_PARAMETERS,
                GetParametersRequest.builder().names(List.of("/a", "/b")).build()));
  }

  @Test
  void walksPaths() {
    for (String name :
        List.of("/shop/a", "/shop/b/c", "/shop/b/d", "/shop-x", "/shop", "plain", "/bank/a")) {
      put(text(name, "1"));
    }
    assertThat(byPath("/shop", false)).containsExactly("/shop/a");
    assertThat(byPath("/shop/", true)).containsExactly("/shop/a", "/shop/b/c", "/shop/b/d");
    assertThat(byPath("/", false)).containsExactlyInAnyOrder("/shop-x", "/shop", "plain");
    assertThat(byPath("/", true)).hasSize(7);
    refused("ValidationException", () -> byPath("shop", true));
  }

  @Test
  void describesByFilters() {
    put(text("/shop/a", "1").tags(environment("dev")));
    put(secure("/shop/b", CANARY));
    put(text("/bank/a", "1").type("StringList"));
    assertThat(described("Name", "BeginsWith", "/shop")).containsExactly("/shop/a", "/shop/b");
    assertThat(described("Name", "Contains", "k/a")).containsExactly("/bank/a");
    assertThat(described("Name", "Equals", "/shop/b")).containsExactly("/shop/b");
    assertThat(described("Type", "Equals", "StringList")).containsExactly("/bank/a");
    assertThat(described("KeyId", "Equals", "alias/aws/ssm")).containsExactly("/shop/b");
    assertThat(described("Path", "Recursive", "/shop")).hasSize(2);
    assertThat(described("tag:environment", "Equals", "dev")).containsExactly("/shop/a");
    refused("InvalidFilterKey", () -> described("Label", "Equals", "x"));
    refused("InvalidFilterOption", () -> described("Type", "Contains", "x"));
  }

  @Test
  void deletesWithHistoryAndTags() {
    put(text("/a", "1").tags(environment("dev")));
    put(text("/b", "1"));
    world.call(
        admin, SsmModel.DELETE_PARAMETER, DeleteParameterRequest.builder().name("/a").build());
    refused("ParameterNotFound", () -> get(admin, "/a", null));
    refused(
        "ParameterNotFound",
        () ->
            world.call(
                admin,
                SsmModel.DELETE_PARAMETER,
                DeleteParameterRequest.builder().name("/a").build()));
    put(text("/a", "2"));
    assertThat(get(admin, "/a", null).version()).isEqualTo(1);
    var tags =
        world.call(
            admin,
            SsmModel.LIST_TAGS_FOR_RESOURCE,
            ListTagsForResourceRequest.builder()
                .resourceType("Parameter")
                .resourceId("/a")
                .build());
    assertThat(tags.tagList()).isEmpty();
    var result =
        world.call(
            admin,
            SsmModel.DELETE_PARAMETERS,
            DeleteParametersRequest.builder().names(List.of("/a", "/none", "/b")).build());
    assertThat(result.deletedParameters()).containsExactly("/a", "/b");
    assertThat(result.invalidParameters()).containsExactly("/none");
  }

  @Test
  void keepsEnvironmentsApart() {
    put(secure("/shop/prod/db", CANARY).tags(environment("prod")));
    put(secure("/shop/dev/db", "dev").tags(environment("dev")));
    put(text("/shop/dev/plain", "1"));
    Principal dev = world.user(World.SHOP, "dev", World.ANYTHING, Map.of("environment", "dev"));
    assertThat(get(dev, "/shop/dev/db", true).value()).isEqualTo("dev");
    assertThat(get(dev, "/shop/dev/plain", null).value()).isEqualTo("1");
    refused("AccessDeniedException", () -> get(dev, "/shop/prod/db", false));
    refused(
        "AccessDeniedException",
        () ->
            world.call(
                dev,
                SsmModel.GET_PARAMETERS_BY_PATH,
                GetParametersByPathRequest.builder().path("/shop").recursive(true).build()));
    assertThat(
            world
                .call(
                    dev,
                    SsmModel.GET_PARAMETERS_BY_PATH,
                    GetParametersByPathRequest.builder().path("/shop/dev").build())
                .parameters())
        .hasSize(2);
    var add =
        AddTagsToResourceRequest.builder()
            .resourceType("Parameter")
            .resourceId("/shop/prod/db")
            .tags(environment("dev"))
            .build();
    refused("AccessDeniedException", () -> world.call(dev, SsmModel.ADD_TAGS_TO_RESOURCE, add));
    refused(
        "AccessDeniedException",
        () ->
            world.call(
                dev,
                SsmModel.REMOVE_TAGS_FROM_RESOURCE,
                RemoveTagsFromResourceRequest.builder()
                    .resourceType("Parameter")
                    .resourceId("/shop/prod/db")
                    .tagKeys(List.of("environment"))
                    .build()));
    world.call(admin, SsmModel.ADD_TAGS_TO_RESOURCE, add);
    assertThat(get(dev, "/shop/prod/db", true).value()).isEqualTo(CANARY);
  }

  @Test
  void hidesParametersOfOtherAccounts() {
    put(text("/a", "1"));
    Principal banker = world.user(World.BANK, "banker", World.ANYTHING);
    refused("ParameterNotFound", () -> get(banker, "/a", null));
    refused(
        "AccessDeniedException",
        () -> get(banker, "arn:aws:ssm:eu-central-1:111122223333:parameter/a", null));
  }
}
