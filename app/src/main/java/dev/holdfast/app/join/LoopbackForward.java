// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.join;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * The platform's own loopback address, on another machine: what connects there comes out at the
 * platform's TLS. The names of images are the same on every host that way, and the container engine
 * needs no configuration. Nothing of the host's rights goes along: it shows no certificate, and
 * whoever uses it signs for himself.
 */
final class LoopbackForward implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("forward");
  private static final int MOST = 256;
  private static final int BACKLOG = 64;
  private static final int CONNECT_MILLIS = 10_000;
  private static final Duration PAUSE = Duration.ofMillis(100);

  /** A pull may be quiet for a while, not for so long. */
  private static final int QUIET_MILLIS = 300_000;

  private final String host;
  private final int port;
  private final SSLSocketFactory tls;
  private final Semaphore places = new Semaphore(MOST);
  private final AtomicReference<@Nullable ServerSocket> listener = new AtomicReference<>();
  private final Supplier<Integer> wanted;

  /**
   * A forward that does not listen yet.
   *
   * @param platform host and port
   * @param wanted the port to listen on
   */
  LoopbackForward(String platform, SSLSocketFactory tls, Supplier<Integer> wanted) {
    int colon = platform.lastIndexOf(':');
    String name = platform.substring(0, colon);
    this.host = name.startsWith("[") ? name.substring(1, name.length() - 1) : name;
    this.port = Integer.parseInt(platform.substring(colon + 1));
    this.tls = tls;
    this.wanted = wanted;
  }

  /** Listens where it does not yet, or on another port than wanted. */
  void listen() throws IOException {
    ServerSocket now = listener.get();
    if (now != null && now.getLocalPort() == wanted.get()) {
      return;
    }
    close();
    var fresh = new ServerSocket();
    try {
      fresh.setReuseAddress(true);
      fresh.bind(
          new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), wanted.get()),
          BACKLOG);
    } catch (IOException e) {
      fresh.close();
      throw new IOException(
          "127.0.0.1:"
              + wanted.get()
              + ", by which images are pulled from the platform, is taken on this machine",
          e);
    }
    listener.set(fresh);
    Thread.ofVirtual().name("forward").start(() -> accept(fresh));
  }

  private void accept(ServerSocket server) {
    while (!server.isClosed()) {
      try {
        Socket near = server.accept();
        if (!places.tryAcquire()) {
          near.close();
          continue;
        }
        Thread.ofVirtual().name("forward").start(() -> carry(near));
      } catch (IOException e) {
        LOG.log(System.Logger.Level.DEBUG, "no connection is taken: {0}", e.getMessage());
        LockSupport.parkNanos(PAUSE.toNanos()); // where files have run out, the next is no better
      }
    }
  }

  private void carry(Socket near) {
    try (near;
        SSLSocket far = connect()) {
      near.setSoTimeout(QUIET_MILLIS);
      far.setSoTimeout(QUIET_MILLIS);
      Thread back = Thread.ofVirtual().start(() -> copy(far, near));
      copy(near, far);
      back.join();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "the platform is not reached: {0}", e.getMessage());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      places.release();
    }
  }

  private SSLSocket connect() throws IOException {
    var plain = new Socket();
    try {
      plain.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
      var far = (SSLSocket) tls.createSocket(plain, host, port, true);
      SSLParameters parameters = far.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      far.setSSLParameters(parameters);
      far.startHandshake();
      return far;
    } catch (IOException e) {
      plain.close();
      throw e;
    }
  }

  /** Copies until one side has ended; then neither has more to say that the other would hear. */
  private static void copy(Socket from, Socket to) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[64 * 1024];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        out.write(buffer, 0, n);
        out.flush();
      }
      to.shutdownOutput();
    } catch (IOException _) {
      quietly(from);
      quietly(to);
    }
  }

  private static void quietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "a socket does not close: {0}", e.getMessage());
    }
  }

  @Override
  public void close() {
    ServerSocket now = listener.getAndSet(null);
    if (now != null) {
      try {
        now.close();
      } catch (IOException e) {
        LOG.log(System.Logger.Level.DEBUG, "the forward does not close: {0}", e.getMessage());
      }
    }
  }
}
