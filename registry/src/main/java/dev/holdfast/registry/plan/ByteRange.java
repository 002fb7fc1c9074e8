// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.plan;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A range of bytes, both ends inclusive.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#name-range-requests">RFC 9110, range
 *     requests</a>
 */
public record ByteRange(long first, long last) {
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");
  private static final Pattern CONTENT_RANGE =
      Pattern.compile("(?:bytes[ =])?(\\d{1,18})-(\\d{1,18})(?:/(?:\\d{1,18}|\\*))?");

  /** What a {@code Range} header asks of {@code size} bytes. */
  public sealed interface Asked {
    /** Everything: there is no header, or one that may be ignored. */
    record Whole() implements Asked {}

    /** One part. */
    record Part(ByteRange range) implements Asked {}

    /** Nothing that there is: answered with 416. */
    record Unsatisfiable() implements Asked {}
  }

  public long length() {
    return last - first + 1;
  }

  /** The parts of a {@code Range} header; several ranges at once may be ignored, and are. */
  public static Asked asked(String header, long size) {
    Matcher matcher = RANGE.matcher(header.strip());
    if (!matcher.matches() || (matcher.group(1).isEmpty() && matcher.group(2).isEmpty())) {
      return new Asked.Whole();
    }
    if (matcher.group(1).isEmpty()) {
      long length = Math.min(size, Long.parseLong(matcher.group(2)));
      return length == 0
          ? new Asked.Unsatisfiable()
          : new Asked.Part(new ByteRange(size - length, size - 1));
    }
    long first = Long.parseLong(matcher.group(1));
    long last =
        matcher.group(2).isEmpty()
            ? size - 1
            : Math.min(size - 1, Long.parseLong(matcher.group(2)));
    return first >= size || last < first
        ? new Asked.Unsatisfiable()
        : new Asked.Part(new ByteRange(first, last));
  }

  /** A chunk's {@code Content-Range}, {@code start-end} as the distribution spec writes it. */
  public static Optional<ByteRange> content(String header) {
    Matcher matcher = CONTENT_RANGE.matcher(header.strip());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    var range = new ByteRange(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)));
    return range.last < range.first ? Optional.empty() : Optional.of(range);
  }
}
