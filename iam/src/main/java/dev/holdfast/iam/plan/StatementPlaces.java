// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.plan;

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

  private final String text;
  private final List<Place> places = new ArrayList<>();
  private int at;

  private StatementPlaces(String text) {
    this.text = text;
  }

  /** The places of all statements of a document that was parsed, in their order. */
  public static List<Place> of(String document) {
    var search = new StatementPlaces(document);
    search.document();
    return List.copyOf(search.places);
  }

  private void document() {
    at = text.indexOf('{') + 1;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '"' && string().equals("Statement")) {
        at = text.indexOf(':', at) + 1;
        statements();
        return;
      }
      if (c == '{' || c == '[') {
        skip();
      } else if (c != '"') {
        at++;
      }
    }
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

  private Position position(int offset) {
    int line = (int) text.chars().limit(offset).filter(c -> c == '\n').count() + 1;
    return new Position(line, offset - text.lastIndexOf('\n', offset - 1));
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
    String inside = text.substring(from, at);
    at = Math.min(at + 1, text.length());
    return inside;
  }
}
