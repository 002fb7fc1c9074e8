// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.fuzz.Fuzz;
import java.io.ByteArrayInputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Node;

/** The first line of an input names the operation, the rest is what came over the wire. */
class CodecFuzzTest {
  private static final List<? extends OperationModel<?, ?>> JSON = of(Protocol.JSON);
  private static final List<? extends OperationModel<?, ?>> QUERY = of(Protocol.QUERY);

  private static List<? extends OperationModel<?, ?>> of(Protocol protocol) {
    return Shapes.operations().filter(o -> o.service().protocol() == protocol).toList();
  }

  /** The operation that the first line names; any, where it names none. */
  private static OperationModel<?, ?> operation(
      List<? extends OperationModel<?, ?>> operations, byte[] input) {
    String name = new String(input, 0, input.length - rest(input).length, StandardCharsets.UTF_8);
    for (OperationModel<?, ?> operation : operations) {
      if (operation.name().equals(name.strip())) {
        return operation;
      }
    }
    return operations.get(Math.floorMod(name.hashCode(), operations.size()));
  }

  /** What follows the first line; all of it where there is only one. */
  private static byte[] rest(byte[] input) {
    for (int i = 0; i < Math.min(input.length, 64); i++) {
      if (input[i] == '\n') {
        return Arrays.copyOfRange(input, i + 1, input.length);
      }
    }
    return input;
  }

  @Test
  void jsonIsReadAsItsTreeSaysAndWrittenBack() {
    Fuzz.run(CodecFuzzTest.class, "awsjson", CodecFuzzTest::json);
  }

  static String json(byte[] input) {
    OperationModel<?, ?> operation = operation(JSON, input);
    // As an answer too: both ends use the same codec.
    return json(operation.input(), rest(input)) + json(operation.output(), rest(input));
  }

  private static String json(Schema schema, byte[] body) {
    Shape shape;
    try {
      shape = JsonCodec.read(schema, body);
    } catch (Malformed e) {
      assertThat(e.text()).hasSizeLessThan(300);
      return "refused ";
    }
    byte[] written = JsonCodec.bytes(shape);
    assertThat(JsonCodec.bytes(JsonCodec.read(schema, written))).isEqualTo(written);
    JsonObject tree = body.length == 0 ? JsonObject.EMPTY : Json.parseObject(body);
    int said = 0;
    for (int i = 0; i < schema.members().size(); i++) {
      Schema.Member member = schema.members().get(i);
      Object value = shape.member(i);
      said += value == null ? 0 : 1;
      if (member.type() instanceof Type.StringType) {
        assertThat(value).isEqualTo(tree.string(member.name()));
      }
    }
    assertThat(Violations.of(shape).map(String::length).orElse(0)).isLessThan(100_000);
    return said + " ";
  }

  @Test
  void formsAreReadAsAnotherReaderReadsThemAndWrittenBack() {
    Fuzz.run(CodecFuzzTest.class, "form", CodecFuzzTest::form);
  }

  static String form(byte[] input) {
    String text = new String(rest(input), StandardCharsets.UTF_8);
    Map<String, String> form;
    try {
      form = QueryCodec.decode(text);
    } catch (Malformed e) {
      assertThat(e.text()).hasSizeLessThan(300);
      return "refused";
    }
    assertThat(form).isEqualTo(plainly(text));
    var encoded = new StringBuilder();
    form.forEach(
        (name, value) -> encoded.append('&').append(url(name)).append('=').append(url(value)));
    assertThat(QueryCodec.decode(encoded.toString())).isEqualTo(form);
    Schema schema = operation(QUERY, input).input();
    Shape shape;
    try {
      shape = QueryCodec.read(schema, form);
    } catch (Malformed e) {
      return "misread " + e.text().length() / 8;
    }
    byte[] json = JsonCodec.bytes(shape);
    // A structure of unknown members alone is there and says nothing; no form can say that.
    if (!new String(json, StandardCharsets.UTF_8).contains("{}")) {
      assertThat(JsonCodec.bytes(QueryCodec.read(schema, QueryCodec.form(shape)))).isEqualTo(json);
    }
    return "read " + Math.min(json.length / 8, 64);
  }

  private static String url(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** The form again, by bytes. */
  private static Map<String, String> plainly(String text) {
    var form = new LinkedHashMap<String, String>();
    for (String pair : text.split("&", -1)) {
      if (!pair.isEmpty()) {
        String[] sides = pair.split("=", 2);
        form.put(plain(sides[0]), sides.length == 1 ? "" : plain(sides[1]));
      }
    }
    return form;
  }

  private static String plain(String text) {
    byte[] in = text.getBytes(StandardCharsets.UTF_8);
    byte[] out = new byte[in.length];
    int size = 0;
    for (int i = 0; i < in.length; i++) {
      if (in[i] == '%') {
        out[size++] =
            (byte) Integer.parseInt(new String(in, i + 1, 2, StandardCharsets.US_ASCII), 16);
        i += 2;
      } else {
        out[size++] = in[i] == '+' ? (byte) ' ' : in[i];
      }
    }
    return new String(out, 0, size, StandardCharsets.UTF_8);
  }

  @Test
  void answersInXmlAreReadOrRefused() {
    Fuzz.run(CodecFuzzTest.class, "xml", CodecFuzzTest::xml);
  }

  static String xml(byte[] input) throws Exception {
    OperationModel<?, ?> operation = operation(QUERY, input);
    Shape shape;
    try {
      assertThat(XmlReader.error(400, rest(input)).text()).doesNotContain("root:");
      shape = XmlReader.result(operation, rest(input));
    } catch (Malformed e) {
      return "refused " + e.text().length();
    }
    byte[] written = XmlCodec.response(operation, shape, "r");
    Node document =
        DocumentBuilderFactory.newDefaultInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(written))
            .getDocumentElement();
    assertThat(document.getNodeName()).isEqualTo(operation.name() + "Response");
    byte[] again = XmlCodec.response(operation, XmlReader.result(operation, written), "r");
    assertThat(again).isEqualTo(written);
    return "read " + Math.min(64, written.length / 16);
  }
}
