// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.aws.ecs.RunTaskRequest;
import dev.holdfast.aws.ssm.GetParametersRequest;
import dev.holdfast.aws.ssm.PutParameterRequest;
import dev.holdfast.kit.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CodecTest {
  static Stream<OperationModel<?, ?>> operations() {
    return Shapes.operations();
  }

  @ParameterizedTest
  @MethodSource("operations")
  void everyShapeSurvivesJson(OperationModel<?, ?> operation) {
    var random = new Random(7);
    for (int i = 0; i < 20; i++) {
      for (Schema schema : List.of(operation.input(), operation.output())) {
        Shape shape = Shapes.random(schema, random, 4);
        assertThat(JsonCodec.read(schema, JsonCodec.bytes(shape))).isEqualTo(shape);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("operations")
  void everyInputSurvivesTheForm(OperationModel<?, ?> operation) {
    var random = new Random(11);
    for (int i = 0; i < 20; i++) {
      Shape shape = Shapes.random(operation.input(), random, 4);
      assertThat(QueryCodec.read(operation.input(), QueryCodec.form(shape))).isEqualTo(shape);
    }
  }

  @ParameterizedTest
  @MethodSource("operations")
  void everyOutputIsWellFormedXml(OperationModel<?, ?> operation) throws Exception {
    Shape shape = Shapes.random(operation.output(), new Random(13), 4);
    byte[] xml = XmlCodec.response(operation, shape, "id");
    var reader =
        javax.xml.stream.XMLInputFactory.newDefaultFactory()
            .createXMLStreamReader(new java.io.ByteArrayInputStream(xml));
    int depth = 0;
    while (reader.hasNext()) {
      switch (reader.next()) {
        case javax.xml.stream.XMLStreamConstants.START_ELEMENT -> depth++;
        case javax.xml.stream.XMLStreamConstants.END_ELEMENT -> depth--;
        default -> {}
      }
    }
    assertThat(depth).isZero();
  }

  @ParameterizedTest
  @MethodSource("operations")
  void everyQueryOutputSurvivesXml(OperationModel<?, ?> operation) {
    if (operation.service().protocol() == Protocol.QUERY) {
      Shape shape = Shapes.random(operation.output(), new Random(19), 4);
      assertThat(XmlReader.result(operation, XmlCodec.response(operation, shape, "id")))
          .isEqualTo(shape);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{",
        "{\"cluster\":1}",
        "{\"count\":\"1\"}",
        "{\"count\":1.5}",
        "{\"count\":99999999999}",
        "{\"tags\":{}}",
        "{\"tags\":[null]}",
        "{\"cluster\":\"a\",\"cluster\":\"b\"}",
        "{} {}",
        "nul"
      })
  void malformedJsonIsNamedNeverThrownRaw(String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    if (body.isEmpty()) {
      assertThat(JsonCodec.read(RunTaskRequest.SCHEMA, bytes)).isNotNull();
    } else {
      assertThatThrownBy(() -> JsonCodec.read(RunTaskRequest.SCHEMA, bytes))
          .isInstanceOf(Malformed.class);
    }
  }

  @Test
  void randomBytesNeverBreakAReader() {
    var random = new Random(17);
    byte[] seed =
        "{\"cluster\":\"c\",\"count\":2,\"tags\":[{\"key\":\"a\",\"value\":\"b\"}]}"
            .getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = seed.clone();
      for (int k = random.nextInt(4); k >= 0; k--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      try {
        JsonCodec.read(RunTaskRequest.SCHEMA, bytes);
        QueryCodec.read(
            RunTaskRequest.SCHEMA,
            QueryCodec.decode(new String(bytes, StandardCharsets.ISO_8859_1)));
      } catch (Malformed e) {
        assertThat(e.text()).isNotEmpty();
      }
    }
  }

  @Test
  void unknownMembersAreIgnored() {
    assertThat(
            JsonCodec.read(
                RunTaskRequest.SCHEMA,
                "{\"new\":{\"a\":[1]},\"cluster\":\"c\"}".getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(RunTaskRequest.builder().cluster("c").build());
  }

  @Test
  void violationsSpeakAwsWords() {
    assertThat(Violations.of(GetParametersRequest.builder().build()))
        .hasValue(
            "1 validation error detected: Value null at 'names' failed to satisfy constraint: Member must not be null");
    assertThat(Violations.of(RunTaskRequest.builder().build())).isPresent();
  }

  @Test
  void aLongValueIsShownCutBesideItsPairs() {
    String name = "a".repeat(199) + "\uD83D\uDEA2".repeat(2000);
    assertThat(Violations.of(GetParametersRequest.builder().names(List.of(name)).build()))
        .hasValueSatisfying(
            text ->
                assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(text)).as(text).isTrue());
  }

  @Test
  void sensitiveMembersArePrintedNowhere() {
    var request = PutParameterRequest.builder().name("/a").value("hunter2").build();
    assertThat(request.toString()).doesNotContain("hunter2").contains("/a");
    assertThat(Json.text(Redacted.tree(request))).doesNotContain("hunter2").contains("***", "/a");
    assertThat(new String(JsonCodec.bytes(request), StandardCharsets.UTF_8)).contains("hunter2");
  }
}
