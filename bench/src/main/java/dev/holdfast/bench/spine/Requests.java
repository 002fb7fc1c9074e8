// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench.spine;

import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.aws.sigv4.SignedRequest;
import dev.holdfast.aws.sigv4.SignedRequest.Header;
import dev.holdfast.aws.sigv4.Signer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Requests as bytes, signed when they are made: good for a quarter of an hour. */
record Requests(String authority, Credentials credentials) {
  /** A JSON call. */
  byte[] json(String service, String target, String body) {
    return signed(
        service,
        List.of(
            new Header("Content-Type", "application/x-amz-json-1.1"),
            new Header("X-Amz-Target", target)),
        body);
  }

  /** A form call. */
  byte[] form(String service, String body) {
    return signed(
        service,
        List.of(new Header("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")),
        body);
  }

  private byte[] signed(String service, List<Header> own, String text) {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    var headers = new ArrayList<>(own);
    headers.add(new Header("Host", authority));
    var plain = new SignedRequest("POST", "/", "", headers);
    headers.addAll(Signer.sign(plain, body, credentials, "us-east-1", service, Instant.now()));
    headers.add(new Header("Content-Length", Integer.toString(body.length)));
    return bytes("POST / HTTP/1.1", headers, text);
  }

  byte[] get(String path, Header... headers) {
    return send("GET", path, "", headers);
  }

  byte[] send(String method, String path, String body, Header... headers) {
    var all = new ArrayList<>(List.of(headers));
    all.add(new Header("Host", authority));
    if (!method.equals("GET")) {
      int length = body.getBytes(StandardCharsets.UTF_8).length;
      all.add(new Header("Content-Length", Integer.toString(length)));
    }
    return bytes(method + " " + path + " HTTP/1.1", all, body);
  }

  static Header basic(String user, String password) {
    String both = user + ":" + password;
    return new Header(
        "Authorization",
        "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8)));
  }

  private static byte[] bytes(String first, List<Header> headers, String body) {
    var text = new StringBuilder(first).append("\r\n");
    headers.forEach(h -> text.append(h.name()).append(": ").append(h.value()).append("\r\n"));
    return text.append("\r\n").append(body).toString().getBytes(StandardCharsets.UTF_8);
  }
}
