// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import dev.holdfast.aws.sigv4.Credentials;
import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A request as bytes, which can be signed at any moment and changed at any other. It signs by
 * itself and not with the platform's own signer: what that one gets wrong must not pass here.
 */
record Draft(String method, String path, String query, List<Field> fields, String body) {

  /** One header field. */
  record Field(String name, String value) {}

  /** With what, for what and when a request is signed; each part may be any text. */
  record Pen(Credentials keys, String day, String region, String service, String end, String date) {
    private static final DateTimeFormatter DATE =
        DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT);

    static Pen at(Instant at, Credentials keys, String region, String service) {
      String date = DATE.format(at.atOffset(ZoneOffset.UTC));
      return new Pen(keys, date.substring(0, 8), region, service, "aws4_request", date);
    }

    Pen day(String other) {
      return new Pen(keys, other, region, service, end, date);
    }

    Pen region(String other) {
      return new Pen(keys, day, other, service, end, date);
    }

    Pen service(String other) {
      return new Pen(keys, day, region, other, end, date);
    }

    Pen end(String other) {
      return new Pen(keys, day, region, service, other, date);
    }

    Pen date(String other) {
      return new Pen(keys, day, region, service, end, other);
    }

    Pen keys(Credentials other) {
      return new Pen(other, day, region, service, end, date);
    }

    String scope() {
      return day + "/" + region + "/" + service + "/" + end;
    }

    String sign(String canonical) {
      byte[] key = hmac(utf8("AWS4" + keys.secretAccessKey()), day);
      for (String part : new String[] {region, service, end}) {
        key = hmac(key, part);
      }
      String text = "AWS4-HMAC-SHA256\n" + date + "\n" + scope() + "\n" + sha256(utf8(canonical));
      return HexFormat.of().formatHex(hmac(key, text));
    }

    private static byte[] hmac(byte[] key, String text) {
      try {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(utf8(text));
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  static Draft post(String contentType, String body) {
    return new Draft("POST", "/", "", List.of(new Field("Content-Type", contentType)), body);
  }

  static Draft get(String query) {
    return new Draft("GET", "/", query, List.of(), "");
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  Draft method(String other) {
    return new Draft(other, path, query, fields, body);
  }

  Draft path(String other) {
    return new Draft(method, other, query, fields, body);
  }

  Draft query(String other) {
    return new Draft(method, path, other, fields, body);
  }

  Draft body(String other) {
    return new Draft(method, path, query, fields, other);
  }

  /** One field more. */
  Draft and(String name, String value) {
    var more = new ArrayList<>(fields);
    more.add(new Field(name, value));
    return new Draft(method, path, query, more, body);
  }

  Draft without(String name) {
    return new Draft(
        method,
        path,
        query,
        fields.stream().filter(f -> !f.name().equalsIgnoreCase(name)).toList(),
        body);
  }

  /** The field with another value, in its place. */
  Draft set(String name, String value) {
    if (value(name) == null) {
      throw new IllegalArgumentException("there is no field " + name);
    }
    return new Draft(
        method,
        path,
        query,
        fields.stream()
            .map(f -> f.name().equalsIgnoreCase(name) ? new Field(f.name(), value) : f)
            .toList(),
        body);
  }

  @Nullable String value(String name) {
    return fields.stream()
        .filter(f -> f.name().equalsIgnoreCase(name))
        .map(Field::value)
        .findFirst()
        .orElse(null);
  }

  /** Signed over all fields there are. */
  Draft signed(Pen pen) {
    var names = new TreeSet<String>();
    Draft dated = dated(pen);
    dated.fields.forEach(f -> names.add(lower(f.name())));
    return dated.signed(pen, names, sha256(utf8(body)));
  }

  /** Signed over some fields, in this order, with what passes for the body's hash. */
  Draft signed(Pen pen, Iterable<String> names, String hash) {
    Draft dated = value("x-amz-date") == null && value("date") == null ? dated(pen) : this;
    String signedHeaders = String.join(";", names);
    String signature = pen.sign(dated.canonical(dated.query, names, hash));
    return dated.and(
        "Authorization",
        "AWS4-HMAC-SHA256 Credential="
            + pen.keys().accessKeyId()
            + "/"
            + pen.scope()
            + ", SignedHeaders="
            + signedHeaders
            + ", Signature="
            + signature);
  }

  private Draft dated(Pen pen) {
    Draft dated = value("x-amz-date") == null ? and("X-Amz-Date", pen.date()) : this;
    String token = pen.keys().sessionToken();
    return token == null || value("x-amz-security-token") != null
        ? dated
        : dated.and("X-Amz-Security-Token", token);
  }

  /** Signed in the query, for some seconds. */
  Draft presigned(Pen pen, String expires) {
    return presigned(pen, expires, sha256(utf8(body)));
  }

  /** Signed in the query, with what passes for the body's hash. */
  Draft presigned(Pen pen, String expires, String hash) {
    var names = new TreeSet<String>();
    fields.forEach(f -> names.add(lower(f.name())));
    var more = new TreeMap<String, String>();
    more.put("X-Amz-Algorithm", "AWS4-HMAC-SHA256");
    more.put("X-Amz-Credential", pen.keys().accessKeyId() + "/" + pen.scope());
    more.put("X-Amz-Date", pen.date());
    more.put("X-Amz-Expires", expires);
    more.put("X-Amz-SignedHeaders", String.join(";", names));
    if (pen.keys().sessionToken() != null) {
      more.put("X-Amz-Security-Token", pen.keys().sessionToken());
    }
    String all =
        query
            + (query.isEmpty() ? "" : "&")
            + more.entrySet().stream()
                .map(e -> e.getKey() + "=" + escaped(e.getValue()))
                .collect(Collectors.joining("&"));
    String signature = pen.sign(canonical(all, names, hash));
    return query(all + "&X-Amz-Signature=" + signature);
  }

  static String escaped(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8)
        .replace("+", "%20")
        .replace("*", "%2A")
        .replace("%7E", "~");
  }

  /** The canonical request; the query must be escaped as AWS wants it already. */
  private String canonical(String target, Iterable<String> names, String hash) {
    String sorted =
        target.isEmpty()
            ? ""
            : Arrays.stream(target.split("&", -1))
                .map(p -> p.contains("=") ? p : p + "=")
                .sorted(Draft::byNameThenValue)
                .collect(Collectors.joining("&"));
    var headers = new StringBuilder();
    for (String name : names) {
      String joined =
          fields.stream()
              .filter(f -> f.name().equalsIgnoreCase(name))
              .map(f -> f.value().strip().replaceAll("[ \t]+", " "))
              .collect(Collectors.joining(","));
      headers.append(name).append(':').append(joined).append('\n');
    }
    return String.join(
        "\n", method, path, sorted, headers.toString(), String.join(";", names), hash);
  }

  private static int byNameThenValue(String one, String two) {
    String[] a = one.split("=", 2);
    String[] b = two.split("=", 2);
    int names = a[0].compareTo(b[0]);
    return names != 0 ? names : a[1].compareTo(b[1]);
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /** As it goes over the wire; the length is told unless a field tells it. */
  byte[] bytes() {
    var head = new StringBuilder(method).append(' ').append(path);
    if (!query.isEmpty()) {
      head.append('?').append(query);
    }
    head.append(" HTTP/1.1\r\n");
    if (value("connection") == null) {
      head.append("Connection: close\r\n");
    }
    if (value("content-length") == null && value("transfer-encoding") == null) {
      head.append("Content-Length: ").append(utf8(body).length).append("\r\n");
    }
    for (Field field : fields) {
      head.append(field.name()).append(": ").append(field.value()).append("\r\n");
    }
    head.append("\r\n");
    var out = new ByteArrayOutputStream();
    out.writeBytes(head.toString().getBytes(StandardCharsets.ISO_8859_1));
    out.writeBytes(utf8(body));
    return out.toByteArray();
  }

  /** The authorization of a signed draft. */
  String authorization() {
    return Objects.requireNonNull(value("authorization"));
  }
}
