// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws.sigv4;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a request says of its own signature, from its header or its query.
 *
 * @param expires how long a presigned URL holds; null for a signature in the header
 */
public record Authorization(
    String accessKeyId,
    Scope scope,
    List<String> signedHeaders,
    String signature,
    String date,
    Instant signedAt,
    @Nullable String sessionToken,
    @Nullable Duration expires) {

  static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withResolverStyle(ResolverStyle.STRICT);
  private static final Pattern MACHINE = Pattern.compile("mi-[0-9a-f]{17}");
  private static final Pattern RSA = Pattern.compile("[0-9A-Za-z+/]{340,684}={0,2}");

  /** What a header's name is made of besides letters and digits (RFC 9110, 5.6.2). */
  private static final String TOKEN = "!#$%&'*+.^_`|~-";

  /** Whether the request carries any sign of authentication. */
  public static boolean present(SignedRequest request) {
    return !request.values("authorization").isEmpty() || inQuery(request);
  }

  private static boolean inQuery(SignedRequest request) {
    return CanonicalRequest.count(request.rawQuery(), Presigned.ALGORITHM) > 0
        || CanonicalRequest.count(request.rawQuery(), Presigned.SIGNATURE) > 0;
  }

  /**
   * Reads the authorization of a request.
   *
   * @throws SignatureFault where there is none, or it is not well formed
   */
  public static Authorization of(SignedRequest request) {
    List<String> headers = request.values("authorization");
    boolean inQuery = inQuery(request);
    if (inQuery && !headers.isEmpty()) {
      throw SignatureFault.incomplete(
          "a request is signed in its header or in its query, not in both");
    }
    if (inQuery) {
      return presigned(request);
    }
    if (headers.isEmpty()) {
      throw SignatureFault.missing("Missing Authentication Token");
    }
    if (headers.size() > 1) {
      throw SignatureFault.incomplete("Authorization header given twice");
    }
    return header(request, headers.getFirst(), null);
  }

  /**
   * Reads the authorization of a machine that signs with a key of its own ({@link RsaSignature}).
   *
   * @throws SignatureFault where there is none, or it is not well formed
   */
  public static Authorization ofMachine(SignedRequest request) {
    List<String> headers = request.values("authorization");
    if (headers.isEmpty()) {
      throw SignatureFault.missing("Missing Authentication Token");
    }
    if (headers.size() > 1 || inQuery(request)) {
      throw SignatureFault.incomplete("Authorization header given twice");
    }
    Authorization auth = header(request, headers.getFirst(), RSA);
    if (!MACHINE.matcher(auth.accessKeyId()).matches() || auth.sessionToken() != null) {
      throw SignatureFault.unknownKey();
    }
    return auth;
  }

  /**
   * Reads the header.
   *
   * @param signatures what a signature looks like; null for that of a secret
   */
  private static Authorization header(
      SignedRequest request, String header, @Nullable Pattern signatures) {
    String prefix = CanonicalRequest.ALGORITHM + " ";
    if (!header.startsWith(prefix)) {
      throw SignatureFault.incomplete("Unsupported AWS 'algorithm': use AWS4-HMAC-SHA256");
    }
    Map<String, String> parts = new HashMap<>();
    for (String part : header.substring(prefix.length()).split(",", -1)) {
      int equals = part.indexOf('=');
      if (equals < 0
          || parts.put(part.substring(0, equals).strip(), part.substring(equals + 1).strip())
              != null) {
        throw SignatureFault.incomplete(
            "Invalid key=value pair (missing equal-sign or given twice) in Authorization header");
      }
    }
    String credential = parts.get("Credential");
    String signedHeaders = parts.get("SignedHeaders");
    String signature = parts.get("Signature");
    if (credential == null || signedHeaders == null || signature == null) {
      throw SignatureFault.incomplete(
          "Authorization header requires 'Credential', 'SignedHeaders' and 'Signature' parameters");
    }
    return parsed(
        credential,
        signedHeaders,
        signature,
        date(request),
        single(request, "x-amz-security-token"),
        null,
        signatures);
  }

  private static String date(SignedRequest request) {
    String amz = single(request, "x-amz-date");
    String date = amz == null ? single(request, "date") : amz;
    if (date == null) {
      throw SignatureFault.incomplete(
          "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header");
    }
    return date;
  }

  private static @Nullable String single(SignedRequest request, String name) {
    List<String> values = request.values(name);
    if (values.size() > 1) {
      throw SignatureFault.incomplete("header '" + name + "' given twice");
    }
    return values.isEmpty() ? null : values.getFirst().strip();
  }

  private static Authorization presigned(SignedRequest request) {
    for (String name :
        List.of(
            Presigned.ALGORITHM,
            Presigned.CREDENTIAL,
            Presigned.DATE,
            Presigned.EXPIRES,
            Presigned.SIGNED_HEADERS,
            Presigned.SIGNATURE,
            Presigned.TOKEN)) {
      int count = CanonicalRequest.count(request.rawQuery(), name);
      if (count > 1 || (count == 0 && !name.equals(Presigned.TOKEN))) {
        throw SignatureFault.incomplete(
            "AWS query-string parameters must include '" + name + "' exactly once");
      }
    }
    if (!request.values("x-amz-security-token").isEmpty()) {
      throw SignatureFault.incomplete("a presigned request has its session token in its query");
    }
    if (!CanonicalRequest.ALGORITHM.equals(parameter(request, Presigned.ALGORITHM))) {
      throw SignatureFault.incomplete("Unsupported AWS 'algorithm': use AWS4-HMAC-SHA256");
    }
    return parsed(
        parameter(request, Presigned.CREDENTIAL),
        parameter(request, Presigned.SIGNED_HEADERS),
        parameter(request, Presigned.SIGNATURE),
        parameter(request, Presigned.DATE),
        CanonicalRequest.parameter(request.rawQuery(), Presigned.TOKEN),
        expires(parameter(request, Presigned.EXPIRES)),
        null);
  }

  private static Duration expires(String text) {
    try {
      long seconds = Long.parseLong(text);
      if (seconds >= 1 && seconds <= 604_800) {
        return Duration.ofSeconds(seconds);
      }
    } catch (NumberFormatException _) {
      // Falls through to the refusal below.
    }
    throw SignatureFault.incomplete("X-Amz-Expires must be between 1 and 604800 seconds");
  }

  private static String parameter(SignedRequest request, String name) {
    String value = CanonicalRequest.parameter(request.rawQuery(), name);
    if (value == null) {
      throw SignatureFault.incomplete("AWS query-string parameters must include '" + name + "'");
    }
    return value;
  }

  private static Authorization parsed(
      String credential,
      String signedHeaders,
      String signature,
      String date,
      @Nullable String token,
      @Nullable Duration expires,
      @Nullable Pattern signatures) {
    int slash = credential.indexOf('/');
    Scope scope = slash <= 0 ? null : Scope.parse(credential.substring(slash + 1)).orElse(null);
    if (scope == null) {
      throw SignatureFault.incomplete(
          "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term");
    }
    List<String> names = List.of(signedHeaders.split(";", -1));
    if (!wellFormed(names)) {
      throw SignatureFault.incomplete(
          "SignedHeaders must be lower-case header names, sorted, each once");
    }
    if (signatures == null ? !isDigest(signature) : !signatures.matcher(signature).matches()) {
      throw SignatureFault.incomplete(
          signatures == null
              ? "Signature must be 64 lower-case hexadecimal digits"
              : "Signature must be the base64 of an RSA signature");
    }
    return new Authorization(
        credential.substring(0, slash),
        scope,
        names,
        signature,
        date,
        instant(date),
        token,
        expires);
  }

  // Every call is read here, so what follows goes by characters: expressions and a formatter took
  // longer than the cryptography.

  /** Lower-case names in their order, each once. */
  private static boolean wellFormed(List<String> names) {
    String before = "";
    for (String name : names) {
      if (name.compareTo(before) <= 0) { // the empty name too
        return false;
      }
      for (int i = 0; i < name.length(); i++) {
        char c = name.charAt(i);
        if (!(c >= 'a' && c <= 'z') && !isDigit(c) && TOKEN.indexOf(c) < 0) {
          return false;
        }
      }
      before = name;
    }
    return true;
  }

  private static boolean isDigest(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!(c >= 'a' && c <= 'f') && !isDigit(c)) {
        return false;
      }
    }
    return text.length() == 64;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /** A time as {@code 20261125T120000Z}. */
  private static Instant instant(String date) {
    try {
      if (date.length() == 16 && date.charAt(8) == 'T' && date.charAt(15) == 'Z') {
        return LocalDateTime.of(
                number(date, 0, 4),
                number(date, 4, 6),
                number(date, 6, 8),
                number(date, 9, 11),
                number(date, 11, 13),
                number(date, 13, 15))
            .toInstant(ZoneOffset.UTC);
      }
    } catch (DateTimeException _) {
      // Falls through to the refusal below.
    }
    throw SignatureFault.incomplete(
        "Date must be in ISO-8601 'basic format', e.g. 20261125T120000Z");
  }

  private static int number(String date, int from, int to) {
    int number = 0;
    for (int i = from; i < to; i++) {
      if (!isDigit(date.charAt(i))) {
        throw new DateTimeException("no digit");
      }
      number = 10 * number + date.charAt(i) - '0';
    }
    return number;
  }

  @Override
  public String toString() {
    return "Authorization[" + accessKeyId + ", " + scope + "]";
  }
}
