// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws.sigv4;

import dev.holdfast.kit.Hashes;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;

/** Signs requests of our own: the agent's, the command line's, the tests'. */
public final class Signer {
  private Signer() {}

  /**
   * The headers to add to a request: date, token and authorization.
   *
   * @param request must carry its {@code Host} header; all headers given are signed
   */
  public static List<SignedRequest.Header> sign(
      SignedRequest request,
      byte[] body,
      Credentials credentials,
      String region,
      String service,
      Instant now) {
    String date = Authorization.DATE.format(now.atOffset(ZoneOffset.UTC));
    var added = new ArrayList<SignedRequest.Header>();
    added.add(new SignedRequest.Header("X-Amz-Date", date));
    if (credentials.sessionToken() != null) {
      added.add(new SignedRequest.Header("X-Amz-Security-Token", credentials.sessionToken()));
    }
    var all = new ArrayList<>(request.headers());
    all.addAll(added);
    var complete = new SignedRequest(request.method(), request.rawPath(), request.rawQuery(), all);
    var names = new TreeSet<String>();
    all.forEach(h -> names.add(CanonicalRequest.lower(h.name())));
    var scope = new Scope(date.substring(0, 8), region, service);
    String toSign =
        CanonicalRequest.stringToSign(
            complete, List.copyOf(names), Hashes.sha256Hex(body), date, scope, false);
    byte[] key = scope.key(credentials.secretAccessKey().getBytes(StandardCharsets.UTF_8));
    String signature =
        HexFormat.of().formatHex(Hashes.hmacSha256(key, toSign.getBytes(StandardCharsets.UTF_8)));
    added.add(
        new SignedRequest.Header(
            "Authorization",
            CanonicalRequest.ALGORITHM
                + " Credential="
                + credentials.accessKeyId()
                + "/"
                + scope
                + ", SignedHeaders="
                + String.join(";", names)
                + ", Signature="
                + signature));
    return added;
  }
}
