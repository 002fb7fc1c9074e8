// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.aws.ecr.EcrModel;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.iam.IamModel;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Inputs that are valid bytes and bad company; each was a defect once. */
class HostileInputTest {
  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Optional<String> violations(String repository) {
    return Violations.of(
        JsonCodec.read(
            EcrModel.CREATE_REPOSITORY.input(),
            utf8("{\"repositoryName\":\"" + repository + "\"}")));
  }

  @Test
  void aTextThatIsTooLongIsNotPutToItsPattern() {
    assertThat(violations("a/".repeat(500_000) + "a"))
        .hasValueSatisfying(
            text ->
                assertThat(text)
                    .startsWith("1 validation error detected")
                    .contains("length less than or equal to 256")
                    .hasSizeLessThan(500));
    assertThat(violations("a/b")).isEmpty();
    assertThat(violations("a//b")).isPresent();
  }

  @Test
  void manyViolationsAreCountedAndFewNamed() {
    var body = new StringBuilder("{\"repositoryName\":\"ok\",\"tags\":[{}");
    body.append(",{}".repeat(50_000)).append("]}");
    String text =
        Violations.of(JsonCodec.read(EcrModel.CREATE_REPOSITORY.input(), utf8(body.toString())))
            .orElseThrow();
    assertThat(text).startsWith("100002 validation errors").hasSizeLessThan(5_000).endsWith("...");
  }

  @Test
  void formsHaveABoundedNumberOfNames() {
    var form = new StringBuilder();
    for (int i = 0; i < QueryCodec.MOST_PARAMETERS; i++) {
      form.append('&').append(i).append('=');
    }
    assertThat(QueryCodec.decode(form.toString())).hasSize(QueryCodec.MOST_PARAMETERS);
    String more = form + "&more=";
    assertThatThrownBy(() -> QueryCodec.decode(more)).isInstanceOf(Malformed.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Tags.member.2.Key=a",
        "Tags.member.1.Key=a&Tags.member.3.Key=b",
        "Tags.member.0.Key=a",
        "Tags.member.01.Key=a",
        "Tags.member.x.Key=a"
      })
  void aListWithAGapIsNotCutOffThere(String form) {
    Schema schema = IamModel.CREATE_USER.input();
    assertThatThrownBy(() -> QueryCodec.read(schema, QueryCodec.decode(form)))
        .isInstanceOf(Malformed.class)
        .hasMessageContaining("Tags.member.");
    Shape whole =
        QueryCodec.read(schema, Map.of("Tags.member.1.Key", "a", "Tags.member.2.Key", "b"));
    assertThat(new String(JsonCodec.bytes(whole), StandardCharsets.UTF_8))
        .isEqualTo("{\"Tags\":[{\"Key\":\"a\"},{\"Key\":\"b\"}]}");
  }

  @Test
  void answersInXmlHaveABoundedDepth() {
    String deep = "<a>".repeat(200_000);
    assertThatThrownBy(() -> XmlReader.result(IamModel.GET_USER, utf8(deep)))
        .isInstanceOf(Malformed.class);
    assertThatThrownBy(
            () ->
                XmlReader.result(
                    IamModel.GET_USER,
                    utf8(
                        "<R><GetUserResult><User><CreateDate>soon</CreateDate></User></GetUserResult></R>")))
        .isInstanceOf(Malformed.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1e999999999128",
        "1e-999999999128",
        "1e400",
        "1.5",
        "9223372036854775808",
        "\"\\ud800\""
      })
  void numbersOutOfRangeAreNoNumbers(String number) {
    Schema schema = EcsModel.RUN_TASK.input();
    assertThatThrownBy(() -> JsonCodec.read(schema, utf8("{\"count\":" + number + "}")))
        .isInstanceOf(Malformed.class);
    assertThat(
            new String(
                JsonCodec.bytes(JsonCodec.read(schema, utf8("{\"count\":2e0}"))),
                StandardCharsets.UTF_8))
        .isEqualTo("{\"count\":2}");
  }
}
