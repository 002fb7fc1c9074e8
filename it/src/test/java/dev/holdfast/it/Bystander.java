// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Executors;

/**
 * Another server on the same machine, the JDK's own, which answers whatever it is asked. A flood of
 * it is what a flood of the platform is measured against: both keep the same processors busy, and
 * only one of them passes through the platform.
 */
final class Bystander implements AutoCloseable {
  private final Process process;
  private final URI url;

  private Bystander(Process process, URI url) {
    this.process = process;
    this.url = url;
  }

  static Bystander start() throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Dsun.net.httpserver.nodelay=true",
                // Else it closes what is idle beyond two hundred, and the long form has more.
                "-Dsun.net.httpserver.maxIdleConnections=10000",
                "-cp",
                System.getProperty("java.class.path"),
                Bystander.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    String port = out.readLine();
    if (port == null) {
      throw new AssertionError("the other server did not start");
    }
    return new Bystander(process, URI.create("http://127.0.0.1:" + port));
  }

  URI url() {
    return url;
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }

  /** Serves until it is killed; prints its port. */
  public static void main(String[] args) throws IOException {
    byte[] answer = "{}".getBytes(StandardCharsets.UTF_8);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
          }
        });
    server.start();
    System.out.println(server.getAddress().getPort());
  }
}
