// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kit;

import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonBool;
import dev.holdfast.kit.JsonValue.JsonNull;
import dev.holdfast.kit.JsonValue.JsonNumber;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.JsonValue.JsonString;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** RFC 8259 a second time, as plainly as it is written there; the judge of {@link Json}. */
final class PlainJson {
  private static final Pattern NUMBER =
      Pattern.compile("-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?");
  private static final int DEEPEST = 100;
  private static final int LONGEST_NUMBER = 200;

  private static final class No extends Exception {
    private static final long serialVersionUID = 1;

    No() {
      super("", null, false, false);
    }
  }

  private final String text;
  private int at;

  private PlainJson(String text) {
    this.text = text;
  }

  /** The document, or empty where the bytes are none. */
  static Optional<JsonValue> parse(byte[] bytes) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      var parser = new PlainJson(text);
      JsonValue value = parser.value(0);
      parser.space();
      return parser.at == text.length() ? Optional.of(value) : Optional.empty();
    } catch (CharacterCodingException | No _) {
      return Optional.empty();
    }
  }

  private void space() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private char next() throws No {
    if (at >= text.length()) {
      throw new No();
    }
    return text.charAt(at++);
  }

  private boolean takes(String word) {
    boolean there = text.startsWith(word, at);
    at += there ? word.length() : 0;
    return there;
  }

  private void need(boolean holds) throws No {
    if (!holds) {
      throw new No();
    }
  }

  private JsonValue value(int depth) throws No {
    space();
    if (takes("{")) {
      need(depth < DEEPEST);
      return object(depth + 1);
    }
    if (takes("[")) {
      need(depth < DEEPEST);
      return array(depth + 1);
    }
    if (takes("\"")) {
      return new JsonString(string());
    }
    if (takes("true")) {
      return new JsonBool(true);
    }
    if (takes("false")) {
      return new JsonBool(false);
    }
    if (takes("null")) {
      return JsonNull.NULL;
    }
    Matcher number = NUMBER.matcher(text).region(at, text.length());
    need(number.lookingAt() && number.end() - at <= LONGEST_NUMBER);
    at = number.end();
    return new JsonNumber(number.group());
  }

  private JsonObject object(int depth) throws No {
    var members = new LinkedHashMap<String, JsonValue>();
    space();
    if (takes("}")) {
      return new JsonObject(members);
    }
    while (true) {
      space();
      need(takes("\""));
      String name = string();
      need(!members.containsKey(name));
      space();
      need(takes(":"));
      members.put(name, value(depth));
      space();
      if (takes("}")) {
        return new JsonObject(members);
      }
      need(takes(","));
    }
  }

  private JsonArray array(int depth) throws No {
    var items = new ArrayList<JsonValue>();
    space();
    if (takes("]")) {
      return new JsonArray(items);
    }
    while (true) {
      items.add(value(depth));
      space();
      if (takes("]")) {
        return new JsonArray(items);
      }
      need(takes(","));
    }
  }

  private String string() throws No {
    var out = new StringBuilder();
    for (char c = next(); c != '"'; c = next()) {
      need(c >= 0x20);
      out.append(c == '\\' ? escaped() : c);
    }
    for (int i = 0; i < out.length(); i++) {
      boolean pair =
          i + 1 < out.length() && Character.isSurrogatePair(out.charAt(i), out.charAt(i + 1));
      need(pair || !Character.isSurrogate(out.charAt(i)));
      i += pair ? 1 : 0;
    }
    return out.toString();
  }

  private char escaped() throws No {
    char c = next();
    if (c == 'u') {
      need(at + 4 <= text.length());
      String hex = text.substring(at, at + 4);
      need(hex.matches("[0-9a-fA-F]{4}"));
      at += 4;
      return (char) Integer.parseInt(hex, 16);
    }
    int known = "\"\\/bfnrt".indexOf(c);
    need(known >= 0);
    return "\"\\/\b\f\n\r\t".charAt(known);
  }
}
