// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.http.outbound;

import dev.holdfast.kit.AccountId;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Reads documents of other sites, over TLS alone. Hosts of private, local and special addresses are
 * not called, save those that the operator named with their address. Redirects are not followed, no
 * proxy is used, and time, size and the number of calls at once are bounded.
 */
public final class OutboundHttps {
  private static final int AT_ONCE = 16;
  private static final int OF_AN_ACCOUNT = 4;
  private static final Duration CONNECT = Duration.ofSeconds(3);

  /** Thrown where the certificate of a site is not good. */
  public static final class NotTrusted extends IOException {
    private static final long serialVersionUID = 1;

    NotTrusted(String message) {
      super(message);
    }
  }

  /** Thrown where nobody was called, as too many are being called. */
  public static final class Busy extends IOException {
    private static final long serialVersionUID = 1;

    Busy() {
      super("too many sites are called at once");
    }
  }

  private final Map<String, InetSocketAddress> known;
  private final Duration patience;
  private final Places places = new Places(AT_ONCE, OF_AN_ACCOUNT);

  /**
   * A way out.
   *
   * @param known where hosts live that may be at any address, by name in lower case
   * @param patience how long one call may take, all in all
   */
  public OutboundHttps(Map<String, InetSocketAddress> known, Duration patience) {
    this.known = Map.copyOf(known);
    this.patience = patience;
  }

  /**
   * What a site answers.
   *
   * @param whose account it is called for
   * @param thumbprints SHA-1 of last certificates, in lower-case hex, that stand for an authority
   * @param most bytes
   * @throws NotTrusted where the certificate is not good
   * @throws Busy where there is no place for the call
   * @throws IOException where there is no answer of status 200 within the bounds
   */
  public byte[] get(AccountId whose, URI url, List<String> thumbprints, int most)
      throws IOException {
    if (!"https".equals(url.getScheme()) || url.getHost() == null || url.getUserInfo() != null) {
      throw new IOException("only https is called");
    }
    var trust = new SiteTrust(thumbprints);
    GuardedSockets sockets = sockets(trust);
    return within(whose, sockets, () -> get(url, sockets, most));
  }

  /**
   * The SHA-1, in lower-case hex, of the last certificate that a host shows. It proves nothing: it
   * is what whoever stands there says.
   *
   * @throws IOException where it shows none
   */
  public String thumbprint(AccountId whose, String host) throws IOException {
    var trust = new SiteTrust(List.of());
    GuardedSockets sockets = sockets(trust);
    IOException failure = null;
    try {
      within(whose, sockets, () -> get(URI.create("https://" + host + "/"), sockets, 1));
    } catch (IOException e) {
      failure = e; // it does not matter what it answers, or whether it is trusted
    }
    String seen = trust.seen();
    if (seen == null) {
      throw failure == null ? new IOException("it shows no certificate") : failure;
    }
    return seen;
  }

  private GuardedSockets sockets(SiteTrust trust) throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {trust}, null);
      SSLSocketFactory factory = context.getSocketFactory();
      return new GuardedSockets(factory, known);
    } catch (GeneralSecurityException e) {
      throw new IOException("TLS cannot be had", e);
    }
  }

  private byte[] within(AccountId whose, GuardedSockets sockets, Callable<byte[]> work)
      throws IOException {
    if (!places.take(whose)) {
      throw new Busy();
    }
    var task = new FutureTask<>(work);
    try {
      Thread.ofVirtual().name("outbound").start(task);
      return task.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException _) {
      throw new IOException("no answer within " + patience.toSeconds() + " s");
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the call was interrupted");
    } catch (ExecutionException e) {
      throw failure(e.getCause());
    } finally {
      sockets.close();
      task.cancel(true);
      places.release(whose);
    }
  }

  private static IOException failure(@Nullable Throwable cause) {
    if (cause instanceof SSLException && cause.getCause() instanceof CertificateException) {
      return new NotTrusted("its certificate is not good: " + cause.getMessage());
    }
    return cause instanceof IOException io ? io : new IOException("the call failed", cause);
  }

  private byte[] get(URI url, GuardedSockets sockets, int most) throws IOException {
    HttpsURLConnection connection = (HttpsURLConnection) url.toURL().openConnection(Proxy.NO_PROXY);
    connection.setSSLSocketFactory(sockets);
    connection.setInstanceFollowRedirects(false);
    connection.setUseCaches(false);
    connection.setConnectTimeout((int) CONNECT.toMillis());
    connection.setReadTimeout((int) patience.toMillis());
    connection.setRequestProperty("Accept", "application/json");
    connection.setRequestProperty("Connection", "close");
    connection.setRequestProperty("User-Agent", "holdfast");
    try {
      int status = connection.getResponseCode();
      if (status != 200) {
        throw new IOException("it answered with status " + status);
      }
      try (InputStream in = connection.getInputStream()) {
        byte[] bytes = in.readNBytes(most + 1);
        if (bytes.length > most) {
          throw new IOException("it answered with more than " + most + " bytes");
        }
        return bytes;
      }
    } finally {
      connection.disconnect();
    }
  }
}
