// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.http;

import java.io.IOException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Hands Jetty's requests to our blocking handler. */
final class JettyHandler extends Handler.Abstract {
  private static final System.Logger LOG = System.getLogger("http");

  private final HttpHandler handler;

  JettyHandler(HttpHandler handler) {
    super(InvocationType.BLOCKING);
    this.handler = handler;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    if (!Target.plain(request)) {
      response.getHeaders().put(HttpHeader.CONNECTION, "close");
      Response.writeError(request, response, callback, 400);
      return true;
    }
    var exchange = new JettyExchange(request, response, callback);
    try {
      handler.handle(exchange);
      exchange.finish();
    } catch (EofException e) {
      callback.failed(e);
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "the client went away", e);
      callback.failed(e);
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "a handler failed", e);
      callback.failed(e);
    }
    return true;
  }
}
