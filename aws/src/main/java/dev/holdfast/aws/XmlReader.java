// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws;

import java.io.ByteArrayInputStream;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/** Reads awsQuery's answers, for the client. */
public final class XmlReader {
  /** No answer of AWS nests as deep. */
  private static final int DEEPEST = 100;

  private XmlReader() {}

  /** An element: its text, and its children in order. */
  private record Element(String name, String text, List<Element> children) {
    @Nullable Element child(String wanted) {
      for (Element child : children) {
        if (child.name().equals(wanted)) {
          return child;
        }
      }
      return null;
    }
  }

  /**
   * Reads an operation's result.
   *
   * @throws Malformed where the bytes are no such answer
   */
  public static Shape result(OperationModel<?, ?> operation, byte[] xml) {
    Element response = parse(xml);
    Element result =
        operation.resultWrapper().isEmpty() ? response : response.child(operation.resultWrapper());
    if (result == null) {
      throw new Malformed("the answer holds no " + operation.resultWrapper());
    }
    try {
      return structure(operation.output(), result);
    } catch (IllegalArgumentException | java.time.DateTimeException _) {
      throw new Malformed("the answer holds a value that is not of its type");
    }
  }

  /** Reads an error answer. */
  public static ApiError error(int status, byte[] xml) {
    Element error = parse(xml).child("Error");
    Element code = error == null ? null : error.child("Code");
    Element message = error == null ? null : error.child("Message");
    return new ApiError(
        new ErrorShape(code == null ? "Unknown" : code.text(), status),
        message == null ? "" : message.text());
  }

  private static Element parse(byte[] xml) {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    try {
      XMLStreamReader reader = factory.createXMLStreamReader(new ByteArrayInputStream(xml));
      while (reader.next() != XMLStreamConstants.START_ELEMENT) {
        // Skips what comes before the root.
      }
      return element(reader, 1);
    } catch (Malformed e) {
      throw e;
    } catch (XMLStreamException | RuntimeException _) {
      // The JDK's parser has failures of its own: a document type that it does not skip to the end
      // is a MissingResourceException.
      throw new Malformed("the answer is not XML");
    }
  }

  private static Element element(XMLStreamReader reader, int depth) throws XMLStreamException {
    if (depth > DEEPEST) {
      throw new Malformed("the answer nests too deep");
    }
    String name = reader.getLocalName();
    var text = new StringBuilder();
    var children = new ArrayList<Element>();
    for (int event = reader.next();
        event != XMLStreamConstants.END_ELEMENT;
        event = reader.next()) {
      if (event == XMLStreamConstants.START_ELEMENT) {
        children.add(element(reader, depth + 1));
      } else if (event == XMLStreamConstants.CHARACTERS || event == XMLStreamConstants.CDATA) {
        text.append(reader.getText());
      }
    }
    return new Element(name, text.toString(), children);
  }

  private static Shape structure(Schema schema, Element element) {
    @Nullable Object[] values = new Object[schema.members().size()];
    for (int i = 0; i < values.length; i++) {
      Schema.Member member = schema.members().get(i);
      Element child = element.child(member.name());
      values[i] = child == null ? null : value(member.type(), child, element);
    }
    return schema.make(values);
  }

  private static Object value(Type type, Element element, Element parent) {
    return switch (type) {
      case Type.StringType _ -> element.text();
      case Type.IntegerType integer ->
          integer.wide()
              ? (Object) Long.valueOf(element.text())
              : (Object) Integer.valueOf(element.text());
      case Type.DecimalType _ -> Double.valueOf(element.text());
      case Type.BooleanType _ -> Boolean.valueOf(element.text());
      case Type.TimestampType _ -> OffsetDateTime.parse(element.text()).toInstant();
      case Type.BlobType _ -> Base64.getDecoder().decode(element.text());
      case Type.ListType list -> {
        List<Element> items =
            list.flattened()
                ? parent.children().stream().filter(c -> c.name().equals(element.name())).toList()
                : element.children();
        yield items.stream().map(item -> value(list.item(), item, element)).toList();
      }
      case Type.MapType map -> map(map, element);
      case Type.StructureType structure -> structure(structure.schema(), element);
    };
  }

  private static Map<String, Object> map(Type.MapType type, Element element) {
    var entries = new LinkedHashMap<String, Object>();
    for (Element entry : element.children()) {
      Element key = entry.child("key");
      Element value = entry.child("value");
      if (key != null && value != null) {
        entries.put(key.text(), value(type.value(), value, entry));
      }
    }
    return entries;
  }
}
