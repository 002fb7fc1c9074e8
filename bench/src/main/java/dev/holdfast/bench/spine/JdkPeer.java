// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench.spine;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import org.rocksdb.RocksDBException;

/**
 * The JDK's own HTTP server with the bytes of our health answer, on the port given. Below {@code
 * /write} it makes one synced write of RocksDB first, in the folder given: what HTTP and the disk
 * alone would allow a durable call.
 */
public final class JdkPeer {
  private static final byte[] ANSWER = "ok\n".getBytes(StandardCharsets.UTF_8);

  private JdkPeer() {}

  public static void main(String[] arguments) throws IOException, RocksDBException {
    var address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0]));
    // Without this the peer waits for delayed acknowledgements and would look forty times slower.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    HttpServer server = HttpServer.create(address, 1024);
    // A synced write holds its thread in native code, so these are platform threads.
    server.setExecutor(Executors.newFixedThreadPool(2 * Load.CONNECTIONS));
    var store = new StorePeer(Path.of(arguments[1]));
    server.createContext("/", JdkPeer::answer);
    server.createContext(
        "/write",
        exchange -> {
          try {
            store.write();
          } catch (RocksDBException e) {
            throw new IOException(e);
          }
          answer(exchange);
        });
    server.start();
  }

  private static void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getResponseHeaders().set("Content-Type", "text/plain");
      exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
      exchange.sendResponseHeaders(200, ANSWER.length);
      exchange.getResponseBody().write(ANSWER);
    }
  }
}
