// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.LinkedBlockingQueue;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.unixdomain.server.UnixDomainServerConnector;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.websocket.core.WebSocketExtensionRegistry;
import org.eclipse.jetty.websocket.core.server.WebSocketServerComponents;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;
import org.jspecify.annotations.Nullable;

/** An HTTP/1.1 server on one address: every request runs on a virtual thread of its own. */
public final class HttpServer implements AutoCloseable {
  /** Registry clients send long authorization headers. */
  private static final int MAX_HEADERS = 32 * 1024;

  /** A thread without work ends after so long. */
  private static final int IDLE_MS = 60_000;

  private static final int RESERVED_BY_DEFAULT = -1;

  private final Server server;
  private final InetSocketAddress address;
  private final @Nullable Watch watch;

  private HttpServer(Server server, InetSocketAddress address, @Nullable Watch watch) {
    this.server = server;
    this.address = address;
    this.watch = watch;
  }

  /**
   * Begins, on a thread of its own, what the first server would wait for: it asks for the languages
   * of the world, a tenth of a start's time.
   */
  public static void prepare() {
    Thread.ofPlatform()
        .name("http-prepare")
        .daemon()
        .start(
            () -> {
              var _ = Locale.getAvailableLocales();
            });
  }

  /**
   * Starts on a network address.
   *
   * @param bind port 0 takes a free one
   * @throws IOException where the address is taken or not ours
   */
  public static HttpServer start(InetSocketAddress bind, HttpHandler handler) throws IOException {
    return start(bind, handler, Patience.PUBLIC);
  }

  /**
   * Starts on a network address, and speaks TLS there alone.
   *
   * @param bind port 0 takes a free one
   * @throws IOException where the address is taken or not ours
   */
  public static HttpServer start(InetSocketAddress bind, HttpHandler handler, Tls tls)
      throws IOException {
    return start(bind, handler, Patience.PUBLIC, tls);
  }

  static HttpServer start(InetSocketAddress bind, HttpHandler handler, Patience patience)
      throws IOException {
    return start(bind, handler, patience, null);
  }

  private static HttpServer start(
      InetSocketAddress bind, HttpHandler handler, Patience patience, @Nullable Tls tls)
      throws IOException {
    Watch watch = Watch.start(patience);
    try {
      return listening(bind, handler, watch, tls);
    } catch (IOException e) {
      watch.close();
      throw e;
    }
  }

  private static HttpServer listening(
      InetSocketAddress bind, HttpHandler handler, Watch watch, @Nullable Tls tls)
      throws IOException {
    Server server = server(new JettyHandler(handler, watch));
    HttpConfiguration configuration = configuration();
    if (tls != null) {
      // The Host field may be one that a container signed for another address; Jetty's customizer
      // of its own would hold it to the certificate. Which names count is the handler's business.
      configuration.addCustomizer(new SecureRequestCustomizer(false, false, -1, false));
    }
    var http = new HttpConnectionFactory(configuration);
    var connector =
        tls == null
            ? new ServerConnector(server, 1, 1, http)
            : new ServerConnector(
                server, 1, 1, new SslConnectionFactory(tls.factory(), http.getProtocol()), http);
    connector.setHost(bind.getAddress().getHostAddress());
    connector.setPort(bind.getPort());
    connector.setAcceptQueueSize(1024);
    connector.setIdleTimeout(Duration.ofMinutes(5).toMillis());
    connector.addBean(watch, false);
    server.addConnector(connector);
    begin(server);
    return new HttpServer(
        server, new InetSocketAddress(bind.getAddress(), connector.getLocalPort()), watch);
  }

  /** Starts on a unix socket; who may connect is the folder's business. */
  public static HttpServer start(Path socket, HttpHandler handler) throws IOException {
    Server server = server(new JettyHandler(handler, null));
    var connector =
        new UnixDomainServerConnector(server, 1, 1, new HttpConnectionFactory(configuration()));
    connector.setUnixDomainPath(socket);
    // Whoever reads slowly there is the owner, who may look at one task's output before another's.
    connector.setIdleTimeout(0);
    connector.setAcceptQueueSize(128);
    server.addConnector(connector);
    begin(server);
    return new HttpServer(server, new InetSocketAddress("localhost", 0), null);
  }

  private static Server server(JettyHandler handler) {
    // With a queue of the JDK's: Jetty's own asks for everything by which the virtual machine can
    // be managed, which takes longer than all else here.
    var pool =
        new QueuedThreadPool(
            16, 2, IDLE_MS, RESERVED_BY_DEFAULT, new LinkedBlockingQueue<>(), null);
    pool.setName("http");
    pool.setVirtualThreadsExecutor(VirtualThreads.getDefaultVirtualThreadsExecutor());
    var server = new Server(pool);
    server.setStopTimeout(3_000);
    ServerWebSocketContainer.ensure(server);
    // No extension: what a compressed message becomes is the sender's choice, and no agent of
    // ours asks for it.
    WebSocketExtensionRegistry extensions =
        WebSocketServerComponents.ensureWebSocketComponents(server).getExtensionRegistry();
    List.copyOf(extensions.getAvailableExtensionNames()).forEach(extensions::unregister);
    server.setHandler(handler);
    server.setErrorHandler(new JettyErrors());
    return server;
  }

  /**
   * Strict parsing, since what was signed are the bytes: no folded headers, no ambiguous length, no
   * line that ends without a carriage return.
   */
  private static HttpConfiguration configuration() {
    var config = new HttpConfiguration();
    config.setSendServerVersion(false);
    config.setSendDateHeader(true);
    config.setRequestHeaderSize(MAX_HEADERS);
    config.setResponseHeaderSize(MAX_HEADERS);
    // Each signature is another, and what a password is sent in is not to be kept.
    config.setHeaderCacheSize(0);
    config.setHttpCompliance(
        HttpCompliance.RFC7230.without("HOLDFAST", HttpCompliance.Violation.LF_HEADER_TERMINATION));
    config.setUriCompliance(UriCompliance.UNSAFE);
    config.setRelativeRedirectAllowed(true);
    return config;
  }

  private static void begin(Server server) throws IOException {
    try {
      server.start();
    } catch (IOException e) {
      stop(server);
      throw e;
    } catch (Exception e) {
      stop(server);
      throw new IOException(e);
    }
  }

  private static void stop(Server server) {
    try {
      server.stop();
    } catch (Exception e) {
      System.getLogger("http")
          .log(System.Logger.Level.WARNING, "the server did not stop cleanly", e);
    }
  }

  /** Where the server listens. */
  public InetSocketAddress address() {
    return address;
  }

  /** How many connections are open, websockets aside; 0 on a unix socket, where nobody counts. */
  int connections() {
    return watch == null ? 0 : watch.connections();
  }

  /** Lets requests in flight finish for up to three seconds, then closes. */
  @Override
  public void close() {
    if (watch != null) {
      watch.close();
    }
    stop(server);
  }
}
