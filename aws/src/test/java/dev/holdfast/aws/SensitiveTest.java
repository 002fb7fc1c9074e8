// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.ecr.AuthorizationData;
import dev.holdfast.aws.ecr.GetAuthorizationTokenResponse;
import dev.holdfast.aws.ecs.ContainerDefinition;
import dev.holdfast.aws.ecs.KeyValuePair;
import dev.holdfast.aws.ecs.RegisterTaskDefinitionRequest;
import dev.holdfast.aws.iam.EnableMFADeviceRequest;
import dev.holdfast.aws.kms.DecryptRequest;
import dev.holdfast.aws.sts.AssumeRoleRequest;
import dev.holdfast.aws.sts.AssumeRoleResponse;
import dev.holdfast.aws.sts.Credentials;
import dev.holdfast.aws.sts.GetSessionTokenRequest;
import dev.holdfast.kit.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a model marks as sensitive, be it a value or what holds values, is never shown. */
class SensitiveTest {
  private static final String CANARY = "hunter2-sings";

  /**
   * The model marks the list of a container's variables and not their values, so the record of
   * RegisterTaskDefinition and of RunTask's overrides showed them to whoever may look events up.
   */
  @Test
  void theVariablesOfAContainerAreNotRecorded() {
    var container =
        ContainerDefinition.builder()
            .name("web")
            .command(List.of("run"))
            .environment(List.of(KeyValuePair.builder().name("DB").value(CANARY).build()))
            .build();
    var request =
        RegisterTaskDefinitionRequest.builder()
            .family("shop")
            .containerDefinitions(List.of(container))
            .build();
    assertThat(request.toString()).doesNotContain(CANARY).contains("shop", "run");
    assertThat(Json.text(Redacted.tree(request)))
        .doesNotContain(CANARY)
        .contains("\"environment\":\"***\"", "shop", "run");
    assertThat(new String(JsonCodec.bytes(request), StandardCharsets.UTF_8)).contains(CANARY);
  }

  /** Their models leave these unmarked; a session's token was in the record of AssumeRole. */
  @Test
  void tokensAndCiphertextsAreNotRecorded() {
    for (Shape shape :
        List.<Shape>of(
            AssumeRoleResponse.builder()
                .credentials(Credentials.builder().accessKeyId("ASIA").sessionToken(CANARY).build())
                .build(),
            GetAuthorizationTokenResponse.builder()
                .authorizationData(
                    List.of(AuthorizationData.builder().authorizationToken(CANARY).build()))
                .build(),
            DecryptRequest.builder()
                .keyId("ASIA")
                .ciphertextBlob(CANARY.getBytes(StandardCharsets.UTF_8))
                .build())) {
      String tree = Json.text(Redacted.tree(shape));
      assertThat(tree).contains("***").doesNotContain(CANARY, "aHVudGVyMi1zaW5ncw");
      assertThat(shape.toString()).doesNotContain(CANARY);
    }
  }

  /** A code that was denied is still good for a minute. */
  @Test
  void codesAreNotRecorded() {
    for (Shape shape :
        List.<Shape>of(
            AssumeRoleRequest.builder().roleArn("r").tokenCode("123456").build(),
            GetSessionTokenRequest.builder().serialNumber("s").tokenCode("123456").build(),
            EnableMFADeviceRequest.builder()
                .userName("u")
                .authenticationCode1("123456")
                .authenticationCode2("123456")
                .build())) {
      assertThat(Json.text(Redacted.tree(shape))).contains("***").doesNotContain("123456");
      assertThat(shape.toString()).doesNotContain("123456");
    }
  }

  @Test
  void whatIsWrongInSomethingSensitiveIsSaidWithoutTheValue() {
    Type word = Type.string(1, 3, null, false);
    Schema schema =
        Schema.of(
            "Made",
            Made::new,
            Schema.member("Open", false, word),
            Schema.member("List", false, Type.list(word, "member", false, 0, 9, true)),
            Schema.member("Map", false, Type.map(word, word, false, 0, 9, true)));
    var shape = new Made(schema, "visible", List.of(CANARY), Map.of("a", CANARY));
    assertThat(Violations.of(shape))
        .hasValueSatisfying(
            text ->
                assertThat(text)
                    .startsWith("3 validation errors")
                    .contains("visible", "***")
                    .doesNotContain(CANARY));
    assertThat(Json.text(Redacted.tree(shape))).contains("visible").doesNotContain(CANARY);
    assertThat(Shape.text(shape)).contains("visible").doesNotContain(CANARY);
  }

  /** A shape of no model. */
  private static final class Made implements Shape {
    private final @Nullable Schema schema;
    private final @Nullable Object[] values;

    private Made(@Nullable Object[] values) {
      this(null, values);
    }

    private Made(@Nullable Schema schema, @Nullable Object... values) {
      this.schema = schema;
      this.values = values;
    }

    @Override
    public Schema schema() {
      if (schema == null) {
        throw new IllegalStateException("made by no schema");
      }
      return schema;
    }

    @Override
    public @Nullable Object member(int index) {
      return values[index];
    }
  }
}
