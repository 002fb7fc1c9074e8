// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.events;

import dev.holdfast.kit.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Sends one event to a receiver: one connection, one request, a bound on the time for all of it. Of
 * the answer its status alone is read; nothing is followed.
 */
final class Delivery {
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([0-9]{3})( .*)?");
  private static final int LONGEST_LINE = 1024;

  private final Duration limit;

  /**
   * A way to send.
   *
   * @param limit for looking up nothing but the connection, the request and the answer's first line
   */
  Delivery(Duration limit) {
    this.limit = limit;
  }

  /**
   * Sends.
   *
   * @throws IOException where the receiver did not answer that it has the event; in words for
   *     people
   * @throws Receiver.Unfit where its name leads where events are not sent
   */
  void send(Webhook hook, long number, long time, byte[] body) throws IOException {
    Receiver receiver = Receiver.of(hook.url(), hook.near());
    String head =
        "POST "
            + receiver.target()
            + " HTTP/1.1\r\nHost: "
            + receiver.authority()
            + "\r\nConnection: close\r\nUser-Agent: holdfast\r\nContent-Type: application/json"
            + "\r\nContent-Length: "
            + body.length
            + "\r\nX-Holdfast-Event: "
            + number
            + "\r\nX-Holdfast-Time: "
            + time
            + "\r\nX-Holdfast-Signature: v1="
            + hook.signature(time, body)
            + "\r\n\r\n";
    try (var plain = new Socket();
        var _ = new Cut(plain, limit)) {
      plain.connect(new InetSocketAddress(receiver.address(), receiver.port()), millis());
      plain.setSoTimeout(millis());
      try (Socket line = receiver.tls() ? secure(plain, receiver) : plain) {
        line.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        line.getOutputStream().write(body);
        line.getOutputStream().flush();
        answered(line.getInputStream());
      }
    } catch (SocketTimeoutException e) {
      throw new IOException("no answer within " + limit.toSeconds() + " s", e);
    }
  }

  private int millis() {
    return Math.toIntExact(limit.toMillis());
  }

  private Socket secure(Socket plain, Receiver receiver) throws IOException {
    // Whom this JDK trusts is read here, since most platforms tell nobody.
    var tls = (SSLSocketFactory) SSLSocketFactory.getDefault();
    var secure = (SSLSocket) tls.createSocket(plain, receiver.host(), receiver.port(), true);
    SSLParameters parameters = secure.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    secure.setSSLParameters(parameters);
    secure.startHandshake();
    return secure;
  }

  private static void answered(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (int c = in.read(); c != '\n' && line.length() < LONGEST_LINE; c = in.read()) {
      if (c < 0) {
        throw new IOException("the connection ended without an answer");
      }
      line.append((char) c);
    }
    Matcher status = STATUS.matcher(line.toString().strip());
    if (!status.matches()) {
      throw new IOException("the answer is no HTTP");
    }
    if (!status.group(1).startsWith("2")) {
      throw new IOException("it answered " + Printable.line(status.group(1)));
    }
  }

  /** Closes a socket that is still open after a time, whatever it is doing. */
  private static final class Cut implements AutoCloseable {
    private final CountDownLatch done = new CountDownLatch(1);

    Cut(Socket socket, Duration limit) {
      Thread.ofVirtual()
          .name("webhook-limit")
          .start(
              () -> {
                try {
                  if (!done.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                    socket.close();
                  }
                } catch (InterruptedException | IOException _) {
                  Thread.currentThread().interrupt();
                }
              });
    }

    @Override
    public void close() {
      done.countDown();
    }
  }
}
