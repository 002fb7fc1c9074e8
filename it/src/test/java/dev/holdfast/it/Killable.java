// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import dev.holdfast.app.PlatformProcess;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A platform in a process of its own, to be killed. */
final class Killable implements AutoCloseable {
  private final Process process;
  private final BufferedReader out;
  private final Writer in;
  private final JsonObject first;
  private final Duration ready;

  private Killable(Process process, Path errors, long began) throws IOException {
    this.process = process;
    this.out = process.inputReader(StandardCharsets.UTF_8);
    this.in = process.outputWriter(StandardCharsets.UTF_8);
    String line = out.readLine();
    if (line == null) {
      throw new AssertionError("the platform did not start:\n" + Files.readString(errors));
    }
    this.first = Json.parseObject(line);
    this.ready = Duration.ofNanos(System.nanoTime() - began);
  }

  /** Starts on a data directory and waits until it serves. */
  static Killable start(Path dir, List<String> words) throws IOException {
    Path errors = dir.resolveSibling("platform.log");
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx256m",
            "-XX:+ExitOnOutOfMemoryError",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            PlatformProcess.class.getName(),
            dir.toString()));
    command.addAll(words);
    long began = System.nanoTime();
    Process process =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()))
            .start();
    return new Killable(process, errors, began);
  }

  URI url() {
    return URI.create(text("url"));
  }

  /** A member of what it said first. */
  String text(String member) {
    return Harbor.text(first, member);
  }

  /** From the start of the process until it serves. */
  Duration ready() {
    return ready;
  }

  /** The processor time that it took until it served. */
  Duration cpu() {
    Long nanos = first.integer("cpu");
    return Duration.ofNanos(nanos == null ? 0 : nanos);
  }

  JsonObject ask(String question) throws IOException {
    in.write(question + "\n");
    in.flush();
    String line = out.readLine();
    if (line == null) {
      throw new AssertionError("the platform ended");
    }
    return Json.parseObject(line);
  }

  /** SIGKILL; returns when the process is gone. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    kill();
  }
}
