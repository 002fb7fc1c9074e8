// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws.sigv4;

import dev.holdfast.kit.Hashes;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Predicate;

/**
 * Verifies signatures: everything but the lookup of the key. Pure; comparisons take constant time.
 */
public final class Verifier {
  /** How far the client's clock may be from ours. */
  public static final Duration SKEW = Duration.ofMinutes(5);

  private static final String UNSIGNED = "UNSIGNED-PAYLOAD";
  private static final String AMZ = "x-amz-";

  private Verifier() {}

  /**
   * Refuses what can be refused without the key: scope, clock, headers that had to be signed.
   *
   * @param services the signing names that this endpoint answers to
   */
  public static void check(
      Authorization auth, SignedRequest request, List<String> services, Instant now) {
    check(auth, request, services, now, _ -> false);
  }

  /**
   * As {@link #check(Authorization, SignedRequest, List, Instant)}.
   *
   * @param unsigned which headers of AWS's own need not be signed
   */
  static void check(
      Authorization auth,
      SignedRequest request,
      List<String> services,
      Instant now,
      Predicate<String> unsigned) {
    Scope scope = auth.scope();
    if (!scope.terminator().equals(Scope.TERMINATOR)) {
      throw SignatureFault.wrong(
          "Credential should be scoped with a valid terminator: 'aws4_request', not '"
              + scope.terminator()
              + "'");
    }
    if (!services.contains(scope.service())) {
      throw SignatureFault.wrong(
          "Credential should be scoped to correct service: '" + services.getFirst() + "'. ");
    }
    if (!dev.holdfast.kit.Region.parse(scope.region()).isPresent()) {
      throw SignatureFault.wrong("Credential should be scoped to a valid region. ");
    }
    if (!auth.date().substring(0, 8).equals(scope.day())) {
      throw SignatureFault.wrong(
          "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP");
    }
    clock(auth, now);
    headers(auth, request, unsigned);
  }

  private static void clock(Authorization auth, Instant now) {
    Instant at = auth.signedAt();
    Duration valid = auth.expires() == null ? SKEW : auth.expires();
    if (at.isAfter(now.plus(SKEW))) {
      throw SignatureFault.wrong(
          "Signature not yet current: "
              + auth.date()
              + " is still later than "
              + basic(now.plus(SKEW))
              + " ("
              + basic(now)
              + " + 5 min.)");
    }
    if (at.plus(valid).isBefore(now)) {
      throw SignatureFault.wrong(
          auth.expires() == null
              ? "Signature expired: "
                  + auth.date()
                  + " is now earlier than "
                  + basic(now.minus(SKEW))
                  + " ("
                  + basic(now)
                  + " - 5 min.)"
              : "Signature expired: " + basic(now) + " is later than " + basic(at.plus(valid)));
    }
  }

  private static String basic(Instant instant) {
    return Authorization.DATE.format(instant.atOffset(ZoneOffset.UTC));
  }

  private static void headers(
      Authorization auth, SignedRequest request, Predicate<String> unsigned) {
    if (!auth.signedHeaders().contains("host")) {
      throw SignatureFault.wrong(
          "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
    }
    for (String name : auth.signedHeaders()) {
      if (request.count(name) == 0) {
        throw SignatureFault.wrong("the signed header '" + name + "' is absent");
      }
    }
    if (request.count("host") != 1) {
      throw SignatureFault.wrong("the 'Host' header must be given exactly once");
    }
    for (SignedRequest.Header header : request.headers()) {
      if (!header.name().regionMatches(true, 0, AMZ, 0, AMZ.length())) {
        continue;
      }
      String name = CanonicalRequest.lower(header.name());
      if (!auth.signedHeaders().contains(name) && !unsigned.test(name)) {
        throw SignatureFault.wrong(
            "the header '" + name + "' must be a 'SignedHeader' in the AWS Authorization.");
      }
      // `a,b` in one field and `a` and `b` in two are signed alike; whoever reads the first is not.
      if (request.count(name) > 1) {
        throw SignatureFault.wrong("the header '" + name + "' must be given once");
      }
    }
  }

  /**
   * Verifies the signature itself.
   *
   * @param signingKey from {@link Scope#key}
   * @param body the whole body; a presigned request is signed over an empty one
   */
  public static void verify(
      Authorization auth, SignedRequest request, byte[] body, byte[] signingKey) {
    String hash = bodyHash(request, body);
    String toSign =
        CanonicalRequest.stringToSign(
            request, auth.signedHeaders(), hash, auth.date(), auth.scope(), auth.expires() != null);
    byte[] expected = Hashes.hmacSha256(signingKey, toSign.getBytes(StandardCharsets.UTF_8));
    if (!MessageDigest.isEqual(expected, HexFormat.of().parseHex(auth.signature()))) {
      throw SignatureFault.wrong(
          "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.");
    }
  }

  /** The hash of the body, which the request may declare and then has to declare rightly. */
  static String bodyHash(SignedRequest request, byte[] body) {
    String hash = Hashes.sha256Hex(body);
    List<String> declared = request.values("x-amz-content-sha256");
    if (!declared.isEmpty() && !declared.equals(List.of(hash))) {
      String reason =
          declared.contains(UNSIGNED)
              ? "this service does not accept UNSIGNED-PAYLOAD"
              : "The provided 'x-amz-content-sha256' header does not match what was computed.";
      throw SignatureFault.wrong(reason);
    }
    return hash;
  }
}
