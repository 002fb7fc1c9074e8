// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench.spine;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * One connection that sends bytes made ahead and reads answers without looking into them: on a
 * machine that client and server share, a client that works would be measured too.
 */
final class Connection implements AutoCloseable {
  private final InetSocketAddress target;
  private Socket socket;
  private InputStream in;
  private OutputStream out;

  Connection(InetSocketAddress target) throws IOException {
    this.target = target;
    this.socket = connect();
    this.in = new BufferedInputStream(socket.getInputStream(), 16 * 1024);
    this.out = socket.getOutputStream();
  }

  private Socket connect() throws IOException {
    var made = new Socket();
    made.setTcpNoDelay(true);
    made.setSoTimeout(30_000);
    made.connect(target, 10_000);
    return made;
  }

  /** Sends a request and reads the whole answer; returns its status. */
  int exchange(byte[] request) throws IOException {
    out.write(request);
    String head = line();
    int status = Integer.parseInt(head.substring(9, 12));
    long length = 0;
    boolean chunked = false;
    boolean closing = head.startsWith("HTTP/1.0");
    for (String header = line(); !header.isEmpty(); header = line()) {
      String lower = header.toLowerCase(Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        length = Long.parseLong(lower.substring(15).strip());
      } else if (lower.startsWith("transfer-encoding:")) {
        chunked = lower.contains("chunked");
      } else if (lower.startsWith("connection:")) {
        closing = lower.contains("close");
      }
    }
    if (chunked) {
      for (long size = size(); size > 0; size = size()) {
        in.skipNBytes(size + 2);
      }
      line();
    } else {
      in.skipNBytes(length);
    }
    if (closing) {
      again();
    }
    return status;
  }

  private long size() throws IOException {
    return Long.parseLong(line().strip(), 16);
  }

  private void again() throws IOException {
    socket.close();
    socket = connect();
    in = new BufferedInputStream(socket.getInputStream(), 16 * 1024);
    out = socket.getOutputStream();
  }

  private String line() throws IOException {
    byte[] bytes = new byte[8 * 1024];
    int length = 0;
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("the server closed the connection");
      }
      bytes[length++] = (byte) next;
    }
    int end = length > 0 && bytes[length - 1] == '\r' ? length - 1 : length;
    return new String(bytes, 0, end, StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
