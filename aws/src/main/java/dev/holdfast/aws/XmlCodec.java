// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * awsQuery's answers: XML in the service's namespace, wrapped as {@code <OpResponse><OpResult>}.
 */
public final class XmlCodec {
  private final StringBuilder out = new StringBuilder(512);

  private XmlCodec() {}

  /** The answer of an operation, with the request id that AWS puts beside it. */
  public static byte[] response(OperationModel<?, ?> operation, Shape result, String requestId) {
    var xml = new XmlCodec();
    String name = operation.name();
    xml.out
        .append("<")
        .append(name)
        .append("Response xmlns=\"")
        .append(operation.service().xmlNamespace())
        .append("\">");
    if (!operation.resultWrapper().isEmpty()) {
      xml.out.append("<").append(operation.resultWrapper()).append(">");
      xml.members(result);
      xml.out.append("</").append(operation.resultWrapper()).append(">");
    }
    xml.out.append("<ResponseMetadata>");
    xml.element("RequestId", requestId);
    xml.out.append("</ResponseMetadata></").append(name).append("Response>");
    return xml.bytes();
  }

  /** An error answer. */
  public static byte[] error(String namespace, ErrorShape shape, String message, String requestId) {
    var xml = new XmlCodec();
    xml.out.append("<ErrorResponse");
    if (!namespace.isEmpty()) {
      xml.out.append(" xmlns=\"").append(namespace).append('"');
    }
    xml.out.append("><Error>");
    xml.element("Type", shape.status() < 500 ? "Sender" : "Receiver");
    xml.element("Code", shape.code());
    xml.element("Message", message);
    xml.out.append("</Error>");
    xml.element("RequestId", requestId);
    xml.out.append("</ErrorResponse>");
    return xml.bytes();
  }

  private byte[] bytes() {
    return out.toString().getBytes(StandardCharsets.UTF_8);
  }

  private void members(Shape shape) {
    List<Schema.Member> members = shape.schema().members();
    for (int i = 0; i < members.size(); i++) {
      Object value = shape.member(i);
      if (value != null) {
        value(members.get(i).name(), members.get(i).type(), value);
      }
    }
  }

  private void value(String name, Type type, Object value) {
    switch (type) {
      case Type.ListType list when list.flattened() -> {
        for (Object item : (List<?>) value) {
          value(name, list.item(), item);
        }
      }
      case Type.ListType list -> {
        out.append('<').append(name).append('>');
        for (Object item : (List<?>) value) {
          value(list.itemName(), list.item(), item);
        }
        out.append("</").append(name).append('>');
      }
      case Type.MapType map -> {
        out.append('<').append(name).append('>');
        ((Map<?, ?>) value)
            .forEach(
                (k, v) -> {
                  out.append("<entry>");
                  element("key", (String) k);
                  value("value", map.value(), v);
                  out.append("</entry>");
                });
        out.append("</").append(name).append('>');
      }
      case Type.StructureType _ -> {
        out.append('<').append(name).append('>');
        members((Shape) value);
        out.append("</").append(name).append('>');
      }
      case Type.BlobType _ -> element(name, Base64.getEncoder().encodeToString((byte[]) value));
      case Type.TimestampType _ ->
          element(name, ((Instant) value).truncatedTo(ChronoUnit.SECONDS).toString());
      case Type.StringType _, Type.IntegerType _, Type.DecimalType _, Type.BooleanType _ ->
          element(name, value.toString());
    }
  }

  private void element(String name, String text) {
    out.append('<').append(name).append('>');
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      switch (c) {
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '&' -> out.append("&amp;");
        case '"' -> out.append("&quot;");
        case '\r' -> out.append("&#xD;");
        default -> out.appendCodePoint(allowed(c) ? c : 0xfffd);
      }
    }
    out.append("</").append(name).append('>');
  }

  /** XML 1.0 section 2.2; anything else cannot be written, escaped or not. */
  private static boolean allowed(int c) {
    return c == '\t'
        || c == '\n'
        || (c >= 0x20 && c <= 0xd7ff)
        || (c >= 0xe000 && c <= 0xfffd)
        || c >= 0x10000;
  }
}
