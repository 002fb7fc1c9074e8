// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.aws.sigv4.Scope;
import dev.holdfast.aws.sigv4.SignedRequest;
import dev.holdfast.aws.sigv4.Signer;
import dev.holdfast.kit.Hashes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Sends requests byte by byte, as no well-behaved client would. */
final class Raw {
  private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'");
  private static final int PATIENCE_MS = 10_000;

  private final URI url;

  Raw(URI url) {
    this.url = url;
  }

  /** An answer as it came. */
  record Answer(int status, String text) {}

  /** Who signs, and for what scope. */
  record As(Credentials credentials, String region, String service) {}

  String authority() {
    return url.getAuthority();
  }

  /** Sends these bytes and reads until the server closes. */
  Answer bytes(byte[] request) {
    try (var socket = new Socket(url.getHost(), url.getPort())) {
      socket.setSoTimeout(PATIENCE_MS);
      try {
        socket.getOutputStream().write(request);
        socket.getOutputStream().flush();
      } catch (IOException _) {
        // refused before all of it was read; the answer says so
      }
      String text = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      return new Answer(text.length() < 12 ? 0 : Integer.parseInt(text.substring(9, 12)), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Answer text(String request) {
    return bytes(request.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** A request with these headers beside host, length and {@code Connection: close}. */
  Answer send(String method, String target, List<SignedRequest.Header> headers, byte[] body) {
    String head =
        method
            + " "
            + target
            + " HTTP/1.1\r\nHost: "
            + authority()
            + "\r\nConnection: close\r\nContent-Length: "
            + body.length
            + "\r\n"
            + headers.stream()
                .map(h -> h.name() + ": " + h.value() + "\r\n")
                .collect(Collectors.joining())
            + "\r\n";
    byte[] start = head.getBytes(StandardCharsets.ISO_8859_1);
    byte[] all = new byte[start.length + body.length];
    System.arraycopy(start, 0, all, 0, start.length);
    System.arraycopy(body, 0, all, start.length, body.length);
    return bytes(all);
  }

  /** A signed JSON call. */
  Answer json(As as, String target, byte[] body, SignedRequest.Header... more) {
    var headers = new ArrayList<SignedRequest.Header>();
    headers.add(new SignedRequest.Header("Content-Type", "application/x-amz-json-1.1"));
    headers.add(new SignedRequest.Header("X-Amz-Target", target));
    headers.addAll(List.of(more));
    return signed(as, headers, body);
  }

  /** A signed query call. */
  Answer form(As as, String form) {
    return form(as, form.getBytes(StandardCharsets.UTF_8));
  }

  Answer form(As as, byte[] form, SignedRequest.Header... more) {
    var headers = new ArrayList<SignedRequest.Header>();
    headers.add(new SignedRequest.Header("Content-Type", "application/x-www-form-urlencoded"));
    headers.addAll(List.of(more));
    return signed(as, headers, form);
  }

  private Answer signed(As as, List<SignedRequest.Header> headers, byte[] body) {
    var all = new ArrayList<SignedRequest.Header>();
    all.add(new SignedRequest.Header("Host", authority()));
    all.addAll(headers);
    List<SignedRequest.Header> added =
        Signer.sign(
            new SignedRequest("POST", "/", "", all),
            body,
            as.credentials(),
            as.region(),
            as.service(),
            now());
    var sent = new ArrayList<>(headers);
    sent.addAll(added);
    return send("POST", "/", sent, body);
  }

  private static Instant now() {
    return java.time.InstantSource.system().instant();
  }

  /** The target of a presigned {@code GetCallerIdentity}, valid for a minute from {@code at}. */
  String presigned(As as, Instant at) {
    String date = DATE.format(at.atOffset(ZoneOffset.UTC));
    var scope = new Scope(date.substring(0, 8), as.region(), as.service());
    Map<String, String> query =
        new TreeMap<>(
            Map.of(
                "Action", "GetCallerIdentity",
                "Version", "2011-06-15",
                "X-Amz-Algorithm", "AWS4-HMAC-SHA256",
                "X-Amz-Credential", as.credentials().accessKeyId() + "/" + scope,
                "X-Amz-Date", date,
                "X-Amz-Expires", "60",
                "X-Amz-SignedHeaders", "host"));
    String canonical =
        query.entrySet().stream()
            .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    String request =
        "GET\n/\n"
            + canonical
            + "\nhost:"
            + authority()
            + "\n\nhost\n"
            + Hashes.sha256Hex(new byte[0]);
    String toSign =
        "AWS4-HMAC-SHA256\n"
            + date
            + "\n"
            + scope
            + "\n"
            + Hashes.sha256Hex(request.getBytes(StandardCharsets.UTF_8));
    byte[] key = scope.key(as.credentials().secretAccessKey().getBytes(StandardCharsets.UTF_8));
    byte[] signature = Hashes.hmacSha256(key, toSign.getBytes(StandardCharsets.UTF_8));
    return "/?" + canonical + "&X-Amz-Signature=" + HexFormat.of().formatHex(signature);
  }
}
