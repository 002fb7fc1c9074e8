// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Many clients that send the same call as fast as it is answered, in a process of their own. It
 * yields the processors to whoever else wants them: a flood comes from other machines, and takes
 * from the platform what the platform gives it, not the processors that the platform runs on.
 */
final class Flood implements AutoCloseable {

  /** What the clients were told: so many answers, so many of these that their share is used up. */
  record Count(long answered, long throttled) {}

  private final Process process;
  private final BufferedReader out;
  private final Writer in;

  private Flood(Process process) {
    this.process = process;
    this.out = process.inputReader(StandardCharsets.UTF_8);
    this.in = process.outputWriter(StandardCharsets.UTF_8);
  }

  /** Begins; returns when every client has had an answer. */
  static Flood begin(URI url, int clients, byte[] request) throws IOException {
    var command = new ArrayList<>(List.of("nice", "-n", "19"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Flood.class.getName(),
            url.toString(),
            Integer.toString(clients)));
    var flood =
        new Flood(
            new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
    // Not an argument: those are everybody's to read, and a signature is in it.
    flood.in.write(Base64.getEncoder().encodeToString(request) + "\n");
    flood.in.flush();
    flood.line();
    return flood;
  }

  /** What was answered since the last time that somebody asked. */
  Count count() throws IOException {
    in.write("count\n");
    in.flush();
    String[] words = line().split(" ", 2);
    return new Count(Long.parseLong(words[0]), Long.parseLong(words[1]));
  }

  private String line() throws IOException {
    String line = out.readLine();
    if (line == null) {
      throw new AssertionError("the flood ended: a client was refused, or cut off");
    }
    return line;
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }

  /** Floods until it is killed, or a client is answered what it must not be. */
  public static void main(String[] args) throws Exception {
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    byte[] request = Base64.getDecoder().decode(in.readLine());
    int clients = Integer.parseInt(args[1]);
    var begun = new CountDownLatch(clients);
    var answered = new LongAdder();
    var throttled = new LongAdder();
    var broken = new AtomicBoolean();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < clients; i++) {
        var _ =
            threads.submit(
                () -> {
                  try (var client = new Repeater(URI.create(args[0]), request)) {
                    int status = client.once();
                    begun.countDown();
                    while (status == 200 || status == 400) {
                      (status == 200 ? answered : throttled).increment();
                      status = client.once();
                    }
                  } catch (IOException e) {
                    throw new UncheckedIOException(e);
                  } finally {
                    broken.set(true);
                    begun.countDown();
                  }
                });
      }
      begun.await();
      tell(broken, "flooding");
      for (@Nullable String line = in.readLine(); line != null; line = in.readLine()) {
        tell(broken, answered.sumThenReset() + " " + throttled.sumThenReset());
      }
      System.exit(0);
    }
  }

  private static void tell(AtomicBoolean broken, String what) {
    if (broken.get()) {
      System.exit(1);
    }
    System.out.println(what);
  }
}
