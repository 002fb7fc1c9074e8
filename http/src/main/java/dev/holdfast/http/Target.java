// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.http;

import java.util.Arrays;
import java.util.List;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.HostPort;

/**
 * What a request is for, and where it ends. Routes go by a target's bytes and signatures by its
 * canonical form, so one that the two could read differently is refused: path segments that vanish,
 * bytes that are no visible ASCII, a fragment (which is cut off), a tunnel, another authority than
 * the Host field's. And a body's end is told in one way.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-3.2">RFC 9112, request target</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-6.1">RFC 9112, transfer encoding</a>
 */
final class Target {
  private static final int HTTP = 80;

  private Target() {}

  /** Whether everybody reads the target alike. */
  static boolean plain(Request request) {
    HttpURI uri = request.getHttpURI();
    String path = uri.getPath();
    return !request.getMethod().equals("CONNECT")
        && ends(request)
        && path != null
        && path.startsWith("/")
        && visible(path)
        && (uri.getQuery() == null || visible(uri.getQuery()))
        && uri.getFragment() == null
        && uri.getUser() == null
        && Arrays.stream(path.substring(1).split("/", -1)).noneMatch(Target::vanishes)
        && !emptySegment(path)
        && ofItsHost(request);
  }

  /** Chunks are all that is read; what else stands beside them, others may go by. */
  private static boolean ends(Request request) {
    List<String> encodings = request.getHeaders().getValuesList(HttpHeader.TRANSFER_ENCODING);
    return encodings.isEmpty()
        || (encodings.size() == 1 && encodings.getFirst().equalsIgnoreCase("chunked"));
  }

  private static boolean vanishes(String segment) {
    return segment.equals(".") || segment.equals("..");
  }

  private static boolean emptySegment(String path) {
    return path.contains("//");
  }

  private static boolean visible(String text) {
    return text.chars().allMatch(c -> c > ' ' && c < 0x7f);
  }

  /** A target may name the authority, as to a proxy; then it is the Host field's. */
  private static boolean ofItsHost(Request request) {
    HttpURI uri = request.getHttpURI();
    String field = request.getHeaders().get(HttpHeader.HOST);
    if (uri.getHost() == null || field == null) {
      return true;
    }
    try {
      var host = new HostPort(field);
      return uri.getHost().equalsIgnoreCase(host.getHost())
          && (uri.getPort() > 0 ? uri.getPort() : HTTP) == host.getPort(HTTP);
    } catch (IllegalArgumentException _) {
      return false;
    }
  }
}
