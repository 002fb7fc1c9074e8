// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import dev.holdfast.aws.sigv4.SignedRequest;
import dev.holdfast.aws.sigv4.Signer;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Sends the same signed call again and again over one connection. It is signed once, so that a
 * flood of these costs its sender next to nothing.
 */
final class Repeater implements AutoCloseable {
  private final Socket socket;
  private final InputStream in;
  private final byte[] request;

  Repeater(URI url, Raw.As as, String target, String json) throws IOException {
    this(url, signed(url, as, target, json.getBytes(StandardCharsets.UTF_8)));
  }

  /** Sends a request that is signed already. */
  Repeater(URI url, byte[] request) throws IOException {
    this.request = request.clone();
    this.socket = new Socket(url.getHost(), url.getPort());
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(30_000);
    this.in = new BufferedInputStream(socket.getInputStream());
  }

  static byte[] signed(URI url, Raw.As as, String target, byte[] body) {
    var headers = new ArrayList<SignedRequest.Header>();
    headers.add(new SignedRequest.Header("Host", url.getAuthority()));
    headers.add(new SignedRequest.Header("Content-Type", "application/x-amz-json-1.1"));
    headers.add(new SignedRequest.Header("X-Amz-Target", target));
    List<SignedRequest.Header> added =
        Signer.sign(
            new SignedRequest("POST", "/", "", headers),
            body,
            as.credentials(),
            as.region(),
            as.service(),
            InstantSource.system().instant());
    headers.addAll(added);
    headers.add(new SignedRequest.Header("Content-Length", Integer.toString(body.length)));
    var head = new StringBuilder("POST / HTTP/1.1\r\n");
    headers.forEach(h -> head.append(h.name()).append(": ").append(h.value()).append("\r\n"));
    byte[] start = head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    byte[] all = new byte[start.length + body.length];
    System.arraycopy(start, 0, all, 0, start.length);
    System.arraycopy(body, 0, all, start.length, body.length);
    return all;
  }

  /** Sends the call and reads its answer; returns the status. */
  int once() throws IOException {
    socket.getOutputStream().write(request);
    int status = Integer.parseInt(line().substring(9, 12));
    int length = 0;
    for (String header = line(); !header.isEmpty(); header = line()) {
      String lower = header.toLowerCase(Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        length = Integer.parseInt(lower.substring("content-length:".length()).strip());
      }
    }
    in.skipNBytes(length);
    return status;
  }

  private String line() throws IOException {
    var line = new StringBuilder();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new IOException("the server closed");
      }
      line.append((char) b);
    }
    return line.toString().strip();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
