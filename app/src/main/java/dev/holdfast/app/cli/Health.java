// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The unsigned health check of a platform's port. */
final class Health {
  private static final int LIMIT_MILLIS = 2000;

  private Health() {}

  /** Whether {@code url} answers its health check; an https port is only asked to accept. */
  static boolean answers(@Nullable String url) {
    if (url == null) {
      return false;
    }
    URI uri = URI.create(url);
    try (var socket = new Socket()) {
      socket.setSoTimeout(LIMIT_MILLIS);
      socket.connect(new InetSocketAddress(uri.getHost(), uri.getPort()), LIMIT_MILLIS);
      if ("https".equals(uri.getScheme())) {
        return true;
      }
      String request =
          "GET /_holdfast/health HTTP/1.1\r\nHost: "
              + uri.getAuthority()
              + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      var in = new BufferedInputStream(socket.getInputStream());
      return AdminClient.read(in, new ByteArrayOutputStream()).status() == 200;
    } catch (IOException _) {
      return false;
    }
  }
}
