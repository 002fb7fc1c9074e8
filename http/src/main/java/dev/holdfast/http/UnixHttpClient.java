// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.client.BytesRequestContent;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.InputStreamResponseListener;
import org.eclipse.jetty.client.StringRequestContent;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.Transport;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/**
 * A blocking HTTP/1.1 client over one unix socket, for local daemons. Bodies stream; at most a
 * given number of connections exist, and a request waits for one of them. Redirects, cookies and
 * content codings are left alone.
 */
public final class UnixHttpClient implements AutoCloseable {
  private static final Duration IDLE = Duration.ofSeconds(30);

  /**
   * One request.
   *
   * @param target path and query, as sent
   * @param json the body; empty means none
   * @param patience how long to wait for the response's head; the body may take for ever
   */
  public record Request(
      String method, String target, Map<String, String> headers, String json, Duration patience) {

    /** A request without headers or body. */
    public static Request of(String method, String target, Duration patience) {
      return new Request(method, target, Map.of(), "", patience);
    }

    /** Method and path; headers may carry credentials. */
    @Override
    public String toString() {
      return method + " " + target;
    }
  }

  private final HttpClient client;
  private final Transport transport;

  /**
   * Makes a client; the socket is opened by the first request.
   *
   * @param connections the most connections at a time, streams included
   * @throws IOException where the client's threads cannot start
   */
  public UnixHttpClient(Path socket, int connections) throws IOException {
    var connector = new ClientConnector();
    connector.setSelectors(1);
    var threads = new QueuedThreadPool(8, 2);
    threads.setName("unix-http");
    threads.setDaemon(true);
    connector.setExecutor(threads);
    client = new HttpClient(new HttpClientTransportOverHTTP(connector));
    client.setExecutor(threads);
    client.setFollowRedirects(false);
    client.setMaxConnectionsPerDestination(connections);
    client.setUserAgentField(null);
    client.setIdleTimeout(IDLE.toMillis());
    client.setRequestBufferSize(64 * 1024);
    transport = new Transport.TCPUnix(socket);
    try {
      client.start();
      client.getProtocolHandlers().clear();
      client.getContentDecoderFactories().clear();
    } catch (Exception e) {
      throw new IOException("http client does not start", e);
    }
  }

  /**
   * Sends a request and waits for the response's head. The caller closes the response.
   *
   * @throws IOException where the daemon cannot be reached, does not answer in time, or the thread
   *     is interrupted ({@link InterruptedIOException})
   */
  public Response send(Request request) throws IOException {
    return send(
        request,
        request.json().isEmpty()
            ? null
            : new StringRequestContent("application/json", request.json()));
  }

  /** As {@link #send(Request)}, with a body of another kind. */
  public Response send(Request request, String type, byte[] body) throws IOException {
    return send(request, new BytesRequestContent(type, body));
  }

  private Response send(Request request, org.eclipse.jetty.client.Request.@Nullable Content content)
      throws IOException {
    org.eclipse.jetty.client.Request sent =
        client
            .newRequest("http://localhost" + request.target())
            .transport(transport)
            .method(request.method())
            .idleTimeout(0, TimeUnit.MILLISECONDS)
            .headers(headers -> request.headers().forEach(headers::put));
    if (content != null) {
      sent.body(content);
    }
    var listener = new Listener();
    sent.send(listener);
    try {
      var head = listener.get(request.patience().toMillis(), TimeUnit.MILLISECONDS);
      return new Response(sent, head, listener);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      abandon(sent, e);
      throw new InterruptedIOException(request + " was interrupted");
    } catch (TimeoutException e) {
      abandon(sent, e);
      throw new IOException(request + " had no answer within " + request.patience());
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      throw cause instanceof IOException io ? io : new IOException(request + " failed", cause);
    }
  }

  private static void abandon(org.eclipse.jetty.client.Request sent, Throwable why) {
    var _ = sent.abort(why);
  }

  @Override
  public void close() {
    try {
      client.stop();
    } catch (Exception e) {
      throw new IllegalStateException("http client does not stop", e);
    }
  }

  /** A response whose body is read from a stream; closing it early drops the connection. */
  public static final class Response implements AutoCloseable {
    private final org.eclipse.jetty.client.Request request;
    private final org.eclipse.jetty.client.Response head;
    private final Listener listener;
    private final InputStream body;

    private Response(
        org.eclipse.jetty.client.Request request,
        org.eclipse.jetty.client.Response head,
        Listener listener) {
      this.request = request;
      this.head = head;
      this.listener = listener;
      this.body = new Body(listener.getInputStream());
    }

    public int status() {
      return head.getStatus();
    }

    /** The first header of that name, or null. */
    public @Nullable String header(String name) {
      HttpField field = head.getHeaders().getField(name);
      return field == null ? null : field.getValue();
    }

    /** The body as it arrives; ends where the daemon ends it. */
    public InputStream body() {
      return body;
    }

    /**
     * The whole body.
     *
     * @throws IOException where it is longer than {@code limit} bytes or the connection breaks
     */
    public byte[] bytes(int limit) throws IOException {
      byte[] bytes = body.readNBytes(limit + 1);
      if (bytes.length > limit) {
        throw new IOException("response of more than " + limit + " bytes");
      }
      return bytes;
    }

    @Override
    public void close() {
      try {
        // Reading the end first lets the connection be used again; an open stream is dropped.
        if (!listener.ended()) {
          abandon(request, new IOException("closed by the reader"));
        }
        body.close();
      } catch (IOException _) {
        abandon(request, new IOException("closed by the reader"));
      }
    }
  }

  /** The listener's stream, which would wait for content even where nothing is asked for. */
  private static final class Body extends FilterInputStream {
    Body(InputStream in) {
      super(in);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      return length == 0 ? 0 : super.read(bytes, offset, length);
    }
  }

  /** Knows whether the response has arrived to its end. */
  private static final class Listener extends InputStreamResponseListener {
    private volatile boolean ended;

    @Override
    public void onComplete(org.eclipse.jetty.client.Result result) {
      ended = true;
      super.onComplete(result);
    }

    boolean ended() {
      return ended;
    }
  }
}
