// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import jdk.net.ExtendedSocketOptions;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Blocker;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;
import org.jspecify.annotations.Nullable;

/** An exchange over Jetty's request and response. */
final class JettyExchange implements Exchange {
  private final Request request;
  private final Response response;
  private final Callback callback;
  private boolean answered;
  private boolean upgraded;
  private @Nullable OutputStream open;
  private final @Nullable Visit visit;

  JettyExchange(Request request, Response response, Callback callback, @Nullable Visit visit) {
    this.request = request;
    this.response = response;
    this.callback = callback;
    this.visit = visit;
  }

  @Override
  public String method() {
    return request.getMethod();
  }

  @Override
  public String rawPath() {
    String path = request.getHttpURI().getPath();
    return path == null ? "/" : path;
  }

  @Override
  public String rawQuery() {
    String query = request.getHttpURI().getQuery();
    return query == null ? "" : query;
  }

  @Override
  public List<Header> headers() {
    HttpFields fields = request.getHeaders();
    var headers = new ArrayList<Header>(fields.size());
    for (HttpField field : fields) {
      headers.add(new Header(field.getName(), value(field)));
    }
    return headers;
  }

  @Override
  public @Nullable String header(String name) {
    HttpField field = request.getHeaders().getField(name);
    return field == null ? null : value(field);
  }

  private static String value(HttpField field) {
    String value = field.getValue();
    return value == null ? "" : value;
  }

  @Override
  public SocketAddress remote() {
    return request.getConnectionMetaData().getRemoteSocketAddress();
  }

  @Override
  public @Nullable String peerUser() {
    Object transport = request.getConnectionMetaData().getConnection().getEndPoint().getTransport();
    try {
      return transport instanceof SocketChannel channel
              && channel.getLocalAddress() instanceof UnixDomainSocketAddress
          ? channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName()
          : null;
    } catch (IOException _) {
      return null;
    }
  }

  @Override
  public Tls.@Nullable Shown tls() {
    EndPoint.SslSessionData session =
        request.getConnectionMetaData().getConnection().getEndPoint().getSslSessionData();
    if (session == null) {
      return null;
    }
    X509Certificate[] peer = session.peerCertificates();
    return new Tls.Shown(peer == null ? List.of() : List.of(peer));
  }

  @Override
  public InputStream body() {
    return new ClientStreams.Body(Content.Source.asInputStream(request), visit);
  }

  @Override
  public void respond(int status, List<Header> headers, byte[] body) throws IOException {
    head(status, headers);
    if (!method().equals("HEAD") && status != 204 && status != 304) {
      response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
    }
    boolean silent = method().equals("HEAD");
    if (visit != null) {
      visit.await();
    }
    try (Blocker.Callback blocker = Blocker.callback()) {
      response.write(true, silent ? ByteBuffer.allocate(0) : ByteBuffer.wrap(body), blocker);
      blocker.block();
    } finally {
      if (visit != null) {
        visit.moved(body.length);
      }
    }
  }

  @Override
  public OutputStream stream(int status, List<Header> headers, long length) {
    head(status, headers);
    if (length >= 0) {
      response.getHeaders().put(HttpHeader.CONTENT_LENGTH, length);
    }
    OutputStream out = new ClientStreams.Answer(Content.Sink.asOutputStream(response), visit);
    open = out;
    return out;
  }

  private void head(int status, List<Header> headers) {
    if (answered) {
      throw new IllegalStateException("the exchange is already answered");
    }
    answered = true;
    response.setStatus(status);
    headers.forEach(h -> response.getHeaders().add(h.name(), h.value()));
  }

  @Override
  public void upgrade(Duration idle, WebSocketHandler handler) throws IOException {
    answered = true;
    upgraded = true;
    ServerWebSocketContainer container = ServerWebSocketContainer.get(request.getContext());
    if (container == null) {
      throw new IOException("no websocket container");
    }
    boolean accepted =
        container.upgrade(
            (_, _, _) -> new JettyWebSocket(handler, idle), request, response, callback);
    if (!accepted) {
      Response.writeError(request, response, callback, 400);
    }
  }

  /** Completes Jetty's side of the exchange. */
  void finish() throws IOException {
    if (upgraded) {
      return;
    }
    if (!answered) {
      throw new IllegalStateException("a handler returned without an answer");
    }
    if (open != null) {
      open.close();
    }
    callback.succeeded();
  }
}
