// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws.sigv4;

import dev.holdfast.kit.Hashes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The canonical form of a request and the string that is signed.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html">Create
 *     a signed request</a>
 */
final class CanonicalRequest {
  static final String ALGORITHM = "AWS4-HMAC-SHA256";

  private CanonicalRequest() {}

  /**
   * The string to sign of a request whose payload hash is known.
   *
   * @param presigned whether the signature is in the query, where alone it is not signed itself
   */
  static String stringToSign(
      SignedRequest request,
      List<String> signedHeaders,
      String payloadHash,
      String date,
      Scope scope,
      boolean presigned) {
    String canonical =
        request.method()
            + '\n'
            + path(request.rawPath())
            + '\n'
            + query(request.rawQuery(), presigned)
            + '\n'
            + headers(request, signedHeaders)
            + '\n'
            + String.join(";", signedHeaders)
            + '\n'
            + payloadHash;
    return ALGORITHM + '\n' + date + '\n' + scope + '\n' + Hashes.sha256Hex(canonical);
  }

  /** Dot segments and empty segments removed, then each segment escaped once more. */
  static String path(String rawPath) {
    if (rawPath.equals("/")) {
      return rawPath;
    }
    var kept = new ArrayDeque<String>();
    for (String segment : rawPath.split("/", -1)) {
      if (segment.equals("..")) {
        kept.pollLast();
      } else if (!segment.isEmpty() && !segment.equals(".")) {
        kept.addLast(segment);
      }
    }
    if (kept.isEmpty()) {
      return "/";
    }
    var out = new StringBuilder();
    kept.forEach(segment -> out.append('/').append(escape(segment)));
    return rawPath.endsWith("/") ? out.append('/').toString() : out.toString();
  }

  private record Parameter(String name, String value) {
    /** Without the value, which may be a signature or a token. */
    @Override
    public String toString() {
      return name + "=***";
    }
  }

  private static String query(String rawQuery, boolean presigned) {
    if (rawQuery.isEmpty()) {
      return "";
    }
    var parameters = new ArrayList<Parameter>();
    for (String pair : rawQuery.split("&", -1)) {
      if (!pair.isEmpty()) {
        int equals = pair.indexOf('=');
        String name = equals < 0 ? pair : pair.substring(0, equals);
        String value = equals < 0 ? "" : pair.substring(equals + 1);
        if (!presigned || !unescape(name).equals(Presigned.SIGNATURE)) {
          parameters.add(new Parameter(respelled(name), respelled(value)));
        }
      }
    }
    parameters.sort(Comparator.comparing(Parameter::name).thenComparing(Parameter::value));
    var out = new StringBuilder();
    for (Parameter parameter : parameters) {
      out.append(out.isEmpty() ? "" : "&")
          .append(parameter.name())
          .append('=')
          .append(parameter.value());
    }
    return out.toString();
  }

  private static String headers(SignedRequest request, List<String> signedHeaders) {
    var out = new StringBuilder(512);
    for (String name : signedHeaders) {
      out.append(name).append(':');
      String separator = "";
      for (SignedRequest.Header header : request.headers()) {
        if (header.name().equalsIgnoreCase(name)) {
          out.append(separator).append(trim(header.value()));
          separator = ",";
        }
      }
      out.append('\n');
    }
    return out.toString();
  }

  /** Outer spaces removed, inner runs of spaces folded to one. */
  private static String trim(String value) {
    if (isTrimmed(value)) {
      return value;
    }
    var out = new StringBuilder(value.length());
    boolean space = false;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == ' ' || c == '\t') {
        space = !out.isEmpty();
      } else {
        if (space) {
          out.append(' ');
          space = false;
        }
        out.append(c);
      }
    }
    return out.toString();
  }

  /** Most values are, and the longest of them, a session's token. */
  private static boolean isTrimmed(String value) {
    return value.indexOf('\t') < 0
        && value.indexOf("  ") < 0
        && !value.startsWith(" ")
        && !value.endsWith(" ");
  }

  /** Percent-encodes all but RFC 3986's unreserved characters, in upper-case hex. */
  static String escape(String text) {
    return escape(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String escape(byte[] bytes) {
    var out = new StringBuilder(bytes.length + 16);
    for (byte b : bytes) {
      int c = b & 0xff;
      if ((c >= 'A' && c <= 'Z')
          || (c >= 'a' && c <= 'z')
          || (c >= '0' && c <= '9')
          || c == '-'
          || c == '.'
          || c == '_'
          || c == '~') {
        out.append((char) c);
      } else {
        out.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
      }
    }
    return out.toString();
  }

  private static final String HEX = "0123456789ABCDEF";

  /**
   * A name or value of a query in its one spelling. It goes by bytes and not by characters, so that
   * what a reader may tell apart is never signed as the same.
   */
  private static String respelled(String raw) {
    return escape(bytes(raw));
  }

  /** A name or value of a query as text; bytes that are no UTF-8 become replacement characters. */
  static String unescape(String raw) {
    return raw.indexOf('%') < 0 && raw.indexOf('+') < 0
        ? raw
        : new String(bytes(raw), StandardCharsets.UTF_8);
  }

  /**
   * The bytes that a name or value of a query stands for: {@code +} is a space, as it is to those
   * who read the query.
   *
   * @throws SignatureFault for a broken escape, which readers take for different things
   */
  private static byte[] bytes(String raw) {
    byte[] in = raw.getBytes(StandardCharsets.UTF_8);
    var out = new ByteArrayOutputStream(in.length);
    for (int i = 0; i < in.length; i++) {
      if (in[i] == '%') {
        int high = i + 2 < in.length ? digit(in[i + 1]) : -1;
        int low = high < 0 ? -1 : digit(in[i + 2]);
        if (low < 0) {
          throw SignatureFault.incomplete("the query holds a bad percent escape");
        }
        out.write((high << 4) | low);
        i += 2;
      } else {
        out.write(in[i] == '+' ? ' ' : in[i]);
      }
    }
    return out.toByteArray();
  }

  private static int digit(byte b) {
    return b >= '0' && b <= '9'
        ? b - '0'
        : b >= 'A' && b <= 'F' ? b - 'A' + 10 : b >= 'a' && b <= 'f' ? b - 'a' + 10 : -1;
  }

  /** The first value of a query parameter, unescaped, or null. */
  static @Nullable String parameter(String rawQuery, String name) {
    for (String pair : rawQuery.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals >= 0 && unescape(pair.substring(0, equals)).equals(name)) {
        return unescape(pair.substring(equals + 1));
      }
    }
    return null;
  }

  /** How often a query names a parameter, with a value or without. */
  static int count(String rawQuery, String name) {
    if (rawQuery.isEmpty()) {
      return 0;
    }
    int count = 0;
    for (String pair : rawQuery.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (unescape(equals < 0 ? pair : pair.substring(0, equals)).equals(name)) {
        count++;
      }
    }
    return count;
  }

  static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
