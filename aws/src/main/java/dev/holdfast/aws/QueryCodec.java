// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * awsQuery's requests: a form whose names are paths, such as {@code Tags.member.1.Key}.
 *
 * @see <a href="https://smithy.io/2.0/aws/protocols/aws-query-protocol.html">awsQuery</a>
 */
public final class QueryCodec {
  /** No AWS list is longer; a bound that keeps a hostile index from costing memory. */
  private static final int MAX_ITEMS = 10_000;

  /**
   * The most parameters of a form, which is read before anybody knows who sent it: two megabytes of
   * {@code a&b&c} would become a hundred.
   */
  static final int MOST_PARAMETERS = 10_000;

  /** How much of a name an error repeats. */
  private static final int SHOWN = 128;

  private final NavigableMap<String, String> form;

  private QueryCodec(NavigableMap<String, String> form) {
    this.form = form;
  }

  /**
   * Reads a structure from a decoded form.
   *
   * @throws Malformed where a value is not of its member's type
   */
  public static Shape read(Schema schema, Map<String, String> form) {
    return new QueryCodec(new TreeMap<>(form)).structure(schema, "");
  }

  private Shape structure(Schema schema, String prefix) {
    @Nullable Object[] values = new Object[schema.members().size()];
    for (int i = 0; i < values.length; i++) {
      Schema.Member member = schema.members().get(i);
      values[i] = value(member.type(), prefix + member.name());
    }
    return schema.make(values);
  }

  private @Nullable Object value(Type type, String path) {
    String text = form.get(path);
    return switch (type) {
      case Type.ListType list -> list(list, path);
      case Type.MapType map -> map(map, path);
      case Type.StructureType structure ->
          present(path + ".") ? structure(structure.schema(), path + ".") : null;
      default -> text == null ? null : scalar(type, path, text);
    };
  }

  private boolean present(String prefix) {
    String first = form.ceilingKey(prefix);
    return first != null && first.startsWith(prefix);
  }

  private static Object scalar(Type type, String path, String text) {
    try {
      return switch (type) {
        case Type.StringType _ -> text;
        case Type.IntegerType(var _, var _, var wide) ->
            wide ? (Object) Long.valueOf(text) : (Object) Integer.valueOf(text);
        case Type.DecimalType _ -> decimal(text);
        case Type.BooleanType _ -> bool(path, text);
        case Type.TimestampType _ -> OffsetDateTime.parse(text).toInstant();
        case Type.BlobType _ -> Base64.getDecoder().decode(text);
        case Type.ListType _, Type.MapType _, Type.StructureType _ ->
            throw new Malformed("`" + path + "` is not a single value");
      };
    } catch (IllegalArgumentException | DateTimeException _) {
      throw new Malformed("`" + path + "` is not of its type");
    }
  }

  private static Double decimal(String text) {
    double number = Double.parseDouble(text);
    if (!Double.isFinite(number)) {
      throw new NumberFormatException();
    }
    return number;
  }

  private static Boolean bool(String path, String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new Malformed("`" + path + "` is neither `true` nor `false`");
    };
  }

  private @Nullable List<Object> list(Type.ListType type, String path) {
    if (form.containsKey(path) && !present(path + ".")) {
      return List.of();
    }
    String prefix = type.flattened() ? path + "." : path + "." + type.itemName() + ".";
    if (!present(prefix)) {
      return null;
    }
    var items = new ArrayList<Object>();
    for (int i = 1; form.containsKey(prefix + i) || present(prefix + i + "."); i++) {
      bound(path, i);
      Object item = value(type.item(), prefix + i);
      if (item == null) {
        throw new Malformed("`" + prefix + i + "` is empty");
      }
      items.add(item);
    }
    numbered(prefix, items.size());
    return Collections.unmodifiableList(items);
  }

  /** Items are numbered from 1 on: what comes after a gap is not dropped without a word. */
  private void numbered(String prefix, int items) {
    for (String name : form.tailMap(prefix).keySet()) {
      if (!name.startsWith(prefix)) {
        return;
      }
      int dot = name.indexOf('.', prefix.length());
      String number = name.substring(prefix.length(), dot < 0 ? name.length() : dot);
      if (number.length() > 5
          || !number.matches("[1-9][0-9]*")
          || Integer.parseInt(number) > items) {
        throw new Malformed("`" + prefix + "` is not numbered 1, 2, 3 and so on");
      }
    }
  }

  /** What goes on beyond the bound is refused: to cut it off would change what was said. */
  private static void bound(String path, int item) {
    if (item > MAX_ITEMS) {
      throw new Malformed("`" + path + "` has more than " + MAX_ITEMS + " items");
    }
  }

  private @Nullable Map<String, Object> map(Type.MapType type, String path) {
    String prefix = type.flattened() ? path + "." : path + ".entry.";
    if (!present(prefix)) {
      return null;
    }
    var entries = new LinkedHashMap<String, Object>();
    for (int i = 1; present(prefix + i + "."); i++) {
      bound(path, i);
      String key = form.get(prefix + i + ".key");
      Object value = value(type.value(), prefix + i + ".value");
      if (key == null || value == null) {
        throw new Malformed("`" + prefix + i + "` lacks a key or a value");
      }
      entries.put(key, value);
    }
    return Collections.unmodifiableMap(entries);
  }

  /** Writes a structure as a form, for the client. */
  public static Map<String, String> form(Shape shape) {
    var form = new LinkedHashMap<String, String>();
    write(shape, "", form);
    return form;
  }

  private static void write(Shape shape, String prefix, Map<String, String> form) {
    List<Schema.Member> members = shape.schema().members();
    for (int i = 0; i < members.size(); i++) {
      Object value = shape.member(i);
      if (value != null) {
        write(members.get(i).type(), value, prefix + members.get(i).name(), form);
      }
    }
  }

  private static void write(Type type, Object value, String path, Map<String, String> form) {
    switch (type) {
      case Type.ListType list -> {
        int i = 0;
        for (Object item : (List<?>) value) {
          i++;
          write(
              list.item(),
              item,
              path + (list.flattened() ? "." : "." + list.itemName() + ".") + i,
              form);
        }
        if (i == 0) {
          form.put(path, "");
        }
      }
      case Type.MapType map -> {
        int i = 0;
        for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
          i++;
          String at = path + (map.flattened() ? "." : ".entry.") + i;
          form.put(at + ".key", (String) entry.getKey());
          write(map.value(), entry.getValue(), at + ".value", form);
        }
      }
      case Type.StructureType _ -> write((Shape) value, path + ".", form);
      case Type.BlobType _ -> form.put(path, Base64.getEncoder().encodeToString((byte[]) value));
      case Type.TimestampType _ -> form.put(path, ((Instant) value).toString());
      case Type.StringType _, Type.IntegerType _, Type.DecimalType _, Type.BooleanType _ ->
          form.put(path, value.toString());
    }
  }

  /**
   * Decodes an {@code application/x-www-form-urlencoded} body.
   *
   * @throws Malformed for a bad escape, a name given twice, or more than 10,000 names
   */
  public static Map<String, String> decode(String body) {
    var form = new LinkedHashMap<String, String>();
    for (int from = 0; from <= body.length(); ) {
      int ampersand = body.indexOf('&', from);
      int to = ampersand < 0 ? body.length() : ampersand;
      if (to > from) {
        put(form, body.substring(from, to));
      }
      from = to + 1;
    }
    return form;
  }

  private static void put(Map<String, String> form, String pair) {
    int equals = pair.indexOf('=');
    String name = unescape(equals < 0 ? pair : pair.substring(0, equals));
    String value = equals < 0 ? "" : unescape(pair.substring(equals + 1));
    if (form.size() >= MOST_PARAMETERS) {
      throw new Malformed("the form has more than " + MOST_PARAMETERS + " parameters");
    }
    if (form.putIfAbsent(name, value) != null) {
      String shown = name.length() <= SHOWN ? name : name.substring(0, SHOWN) + "...";
      throw new Malformed("the parameter `" + shown + "` is given twice");
    }
  }

  private static String unescape(String text) {
    try {
      return java.net.URLDecoder.decode(text, java.nio.charset.StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      throw new Malformed("the form holds a bad percent escape");
    }
  }
}
