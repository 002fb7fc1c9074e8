// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent;

import dev.holdfast.agent.engine.DockerEngine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A container engine of the tests' own, in a folder of its own, gone with the JVM. */
public final class TestEngine {
  public static final String IMAGE = "local/busybox:1";
  private static @Nullable TestEngine shared;

  private final Path socket;

  private TestEngine(Path socket) {
    this.socket = socket;
  }

  /** Runs a test class only where an engine can be started, and says why where it cannot. */
  public static final class Available implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      String missing = missing();
      return missing == null
          ? ConditionEvaluationResult.enabled("a container engine can be started")
          : ConditionEvaluationResult.disabled("not run: " + missing);
    }
  }

  private static @Nullable String missing() {
    if (!"root".equals(System.getProperty("user.name"))) {
      return "starting a container engine needs root";
    }
    for (String tool : new String[] {"/usr/sbin/dockerd", "/usr/sbin/nft", "/bin/busybox"}) {
      if (!Files.isExecutable(Path.of(tool))) {
        return tool + " is not installed";
      }
    }
    return null;
  }

  /** The engine, started at first use. */
  public static synchronized TestEngine start() throws IOException {
    TestEngine known = shared;
    if (known == null) {
      known = launch();
      shared = known;
    }
    return known;
  }

  public Path socket() {
    return socket;
  }

  public DockerEngine open() throws IOException {
    return DockerEngine.open(socket);
  }

  private static TestEngine launch() throws IOException {
    Path folder = Files.createTempDirectory("hf-engine");
    Path socket = folder.resolve("docker.sock");
    Process process =
        new ProcessBuilder(
                "dockerd",
                "--data-root",
                folder.resolve("data").toString(),
                "--exec-root",
                folder.resolve("exec").toString(),
                "--host",
                "unix://" + socket,
                "--pidfile",
                folder.resolve("pid").toString(),
                "--bridge",
                "none")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(process, folder)));
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (true) {
      try (DockerEngine engine = DockerEngine.open(socket)) {
        if (engine.answers()) {
          load(folder, socket);
          return new TestEngine(socket);
        }
      } catch (IOException e) {
        if (System.nanoTime() > deadline || !process.isAlive()) {
          throw new IOException("no engine: " + Files.readString(folder.resolve("log")), e);
        }
      }
      LockSupport.parkNanos(50_000_000);
    }
  }

  private static void end(Process process, Path folder) {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
      new ProcessBuilder("rm", "-rf", folder.toString()).start().waitFor(20, TimeUnit.SECONDS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Imports an image with a static busybox alone: no registry is needed. */
  private static void load(Path folder, Path socket) throws IOException {
    Path file = Files.write(folder.resolve("image.tar"), layer());
    run(
        "curl",
        "-sf",
        "--unix-socket",
        socket.toString(),
        "-X",
        "POST",
        "--data-binary",
        "@" + file,
        "-H",
        "Content-Type: application/x-tar",
        "http://engine/images/create?fromSrc=-&repo=local/busybox&tag=1");
  }

  /** A file system with a static busybox alone. */
  public static byte[] layer() throws IOException {
    var tar = new ByteArrayOutputStream();
    entry(tar, "bin/busybox", Files.readAllBytes(Path.of("/bin/busybox")), 0755);
    entry(tar, "tmp/", new byte[0], 01777);
    tar.write(new byte[1024]);
    return tar.toByteArray();
  }

  private static void entry(ByteArrayOutputStream tar, String name, byte[] content, int mode)
      throws IOException {
    byte[] head = new byte[512];
    put(head, 0, name);
    put(head, 100, String.format(Locale.ROOT, "%07o", mode));
    put(head, 108, "0000000");
    put(head, 116, "0000000");
    put(head, 124, String.format(Locale.ROOT, "%011o", content.length));
    put(head, 136, "00000000000");
    put(head, 148, "        ");
    head[156] = (byte) (name.endsWith("/") ? '5' : '0');
    put(head, 257, "ustar");
    put(head, 263, "00");
    int sum = 0;
    for (byte b : head) {
      sum += b & 0xff;
    }
    put(head, 148, String.format(Locale.ROOT, "%06o", sum));
    head[154] = 0;
    tar.write(head);
    tar.write(content);
    tar.write(new byte[(512 - content.length % 512) % 512]);
  }

  private static void put(byte[] head, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, head, at, bytes.length);
  }

  /** Runs a command to its end and returns what it wrote. */
  public static String run(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException(String.join(" ", command) + ": " + said);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
    return said;
  }
}
