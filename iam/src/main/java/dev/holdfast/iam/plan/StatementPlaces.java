// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.plan;

import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonString;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the statements of a policy document stand in its text. Pure.
 *
 * <p>As AWS counts: lines and columns from 1; a statement begins right after the bracket, comma or
 * colon before it, and ends right after its brace.
 *
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/APIReference/API_Position.html">Position</a>
 */
public final class StatementPlaces {

  /** A place in a text. */
  public record Position(int line, int column) {}

  /** From where to where a statement goes. */
  public record Place(Position start, Position end) {}

  private final CharSequence text;
  private final List<Place> places = new ArrayList<>();
  private int at;

  /** How far lines are counted: places are asked for in their order, so that one pass is enough. */
  private int counted;

  private int line = 1;
  private int lineStart;

  private StatementPlaces(CharSequence text) {
    this.text = text;
  }

  /** The places of all statements of a document that was parsed, in their order. */
  public static List<Place> of(CharSequence document) {
    var search = new StatementPlaces(document);
    search.document();
    return List.copyOf(search.places);
  }

  private void document() {
    past('{');
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '"') {
        String name = string();
        if (!followedByColon()) {
          continue;
        }
        past(':');
        if (unescaped(name).equals("Statement")) {
          statements();
          return;
        }
      } else if (c == '{' || c == '[') {
        skip();
      } else {
        at++;
      }
    }
  }

  /** Whether what was read is a name and no value. */
  private boolean followedByColon() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return at < text.length() && text.charAt(at) == ':';
  }

  private static String unescaped(String inside) {
    return Json.parse('"' + inside + '"') instanceof JsonString(String name) ? name : inside;
  }

  private void past(char sign) {
    while (at < text.length() && text.charAt(at) != sign) {
      at++;
    }
    at = Math.min(at + 1, text.length());
  }

  private void statements() {
    int start = at;
    while (at < text.length() && text.charAt(at) != '{' && text.charAt(at) != '[') {
      at++;
    }
    if (at < text.length() && text.charAt(at) == '[') {
      at++;
      list();
    } else {
      skip();
      add(start);
    }
  }

  private void list() {
    int start = at;
    while (at < text.length() && text.charAt(at) != ']') {
      if (text.charAt(at) == '{') {
        skip();
        add(start);
      } else {
        at++;
        start = text.charAt(at - 1) == ',' ? at : start;
      }
    }
  }

  private void add(int start) {
    places.add(new Place(position(start), position(at)));
  }

  /** Where an offset is that is not before the last one asked for. */
  private Position position(int offset) {
    for (; counted < offset; counted++) {
      if (text.charAt(counted) == '\n') {
        line++;
        lineStart = counted + 1;
      }
    }
    return new Position(line, offset - lineStart + 1);
  }

  /** Past the object or list that begins here. */
  private void skip() {
    int depth = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '"') {
        string();
        continue;
      }
      depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
      at++;
      if (depth == 0) {
        return;
      }
    }
  }

  /** Past the string that begins here; what stands in it, escapes as they are. */
  private String string() {
    int from = ++at;
    while (at < text.length() && text.charAt(at) != '"') {
      at += text.charAt(at) == '\\' ? 2 : 1;
    }
    at = Math.min(at, text.length());
    String inside = text.subSequence(from, at).toString();
    at = Math.min(at + 1, text.length());
    return inside;
  }
}
