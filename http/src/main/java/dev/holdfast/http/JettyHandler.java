// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.http;

import java.io.IOException;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Hands Jetty's requests to our blocking handler. */
final class JettyHandler extends Handler.Abstract {
  private static final System.Logger LOG = System.getLogger("http");

  private final HttpHandler handler;
  private final @Nullable Watch watch;

  JettyHandler(HttpHandler handler, @Nullable Watch watch) {
    super(InvocationType.BLOCKING);
    this.handler = handler;
    this.watch = watch;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    if (!Target.plain(request)) {
      response.getHeaders().put(HttpHeader.CONNECTION, "close");
      Response.writeError(request, response, callback, 400);
      return true;
    }
    Visit visit =
        watch == null ? null : watch.visit(request.getConnectionMetaData().getConnection());
    if (visit == null) {
      serve(new JettyExchange(request, response, callback, null), callback);
      return true;
    }
    visit.begin();
    try {
      serve(new JettyExchange(request, response, callback, visit), callback);
    } finally {
      visit.end();
    }
    return true;
  }

  private void serve(JettyExchange exchange, Callback callback) {
    try {
      handler.handle(exchange);
      exchange.finish();
    } catch (EofException e) {
      callback.failed(e);
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "the client went away", e);
      // A fault of the client's has a status of its own, which Jetty takes from the exception. Both
      // are of a kind that Jetty does not log: whoever goes away a thousand times fills no log.
      callback.failed(
          e.getCause() instanceof HttpException.RuntimeException fault
              ? fault
              : new EofException(e));
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "a handler failed", e);
      callback.failed(e);
    }
  }
}
