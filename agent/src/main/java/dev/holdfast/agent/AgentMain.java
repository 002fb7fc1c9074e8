// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent;

import dev.holdfast.agent.link.HostIdentity;
import dev.holdfast.aws.client.ServerClock;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.disk.Disk;
import dev.holdfast.kit.disk.DiskBroken;
import dev.holdfast.kit.disk.FailStopDisk;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The agent's process. On its standard input come JSON lines with the host's session ({@code
 * AccessKeyId}, {@code SecretAccessKey}, {@code SessionToken}), renewed before it ends. On its
 * standard output it says {@code {"reason":"..."}}, empty where tasks can run, and {@code
 * {"session":"expired"}} where the platform says so of the session before its time. It ends with
 * its input; containers outlive it.
 */
public final class AgentMain {
  private static final Logger LOG = Logger.getLogger(AgentMain.class.getName());

  private final HostIdentity identity;

  private AgentMain(HostIdentity identity) {
    this.identity = identity;
  }

  /**
   * Runs until {@code in} ends, or a sync fails of a file of the agent's; returns the exit code,
   * which is 1 then. Whoever keeps it running starts it again, and it adopts what is here.
   */
  public static int run(
      List<String> words,
      InputStream in,
      PrintStream out,
      RandomGenerator random,
      InstantSource clock) {
    return run(words, in, out, new FailStopDisk(Disk.local()), random, clock);
  }

  /** As the shorter one, on a given disk. */
  static int run(
      List<String> words,
      InputStream in,
      PrintStream out,
      FailStopDisk disk,
      RandomGenerator random,
      InstantSource clock) {
    AgentOptions options;
    try {
      options = AgentOptions.parse(words);
    } catch (IllegalArgumentException e) {
      out.println(line("reason", "the agent cannot start: " + e.getMessage()));
      return 2;
    }
    try (FileLock lock = lock(options, disk)) {
      if (lock == null) {
        out.println(line("reason", "another agent works in " + options.data()));
        return 1;
      }
      var status = new StatusLine(out);
      var signing = new ServerClock(clock, options.platform().known());
      var identity = new HostIdentity(signing, status::expired);
      try (var agent = new HostAgent(options, disk, identity, random, clock, status);
          var _ = AgentControl.open(options, agent)) {
        agent.start();
        return new AgentMain(identity).listen(in, disk, out);
      }
    } catch (IOException e) {
      LOG.log(Level.SEVERE, "the agent ends", e);
      out.println(line("reason", "the agent cannot start: " + e.getMessage()));
      return 1;
    }
  }

  private static @Nullable FileLock lock(AgentOptions options, Disk disk) throws IOException {
    disk.makeDirectories(options.data());
    FileChannel channel =
        FileChannel.open(
            options.data().resolve("agent.lock"),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE);
    return channel.tryLock();
  }

  /** Until the input ends or the disk is broken; a read of the input cannot be broken off. */
  private int listen(InputStream in, FailStopDisk disk, PrintStream out) {
    var end = new CountDownLatch(1);
    var failure = new AtomicReference<@Nullable DiskBroken>();
    disk.onFailure(
        broken -> {
          failure.set(broken);
          end.countDown();
        });
    Thread.ofPlatform()
        .name("agent-input")
        .daemon()
        .start(
            () -> {
              try {
                listen(in);
              } catch (IOException e) {
                LOG.log(Level.WARNING, "the input broke: {0}", e.getMessage());
              } finally {
                end.countDown();
              }
            });
    try {
      end.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    DiskBroken broken = failure.get();
    if (broken == null) {
      return 0;
    }
    String reason = "the agent's disk failed, so it ends and begins anew: " + broken.getMessage();
    LOG.log(Level.SEVERE, reason);
    out.println(line("reason", reason));
    return 1;
  }

  private void listen(InputStream in) throws IOException {
    try (var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        heard(line);
      }
    }
  }

  private void heard(String line) {
    JsonObject said;
    try {
      said = Json.parseObject(line);
    } catch (Json.MalformedJson e) {
      LOG.log(Level.WARNING, "a line of input is {0}", e.getMessage());
      return;
    }
    String key = said.string("AccessKeyId");
    String secret = said.string("SecretAccessKey");
    if (key != null && secret != null) {
      identity.renew(new Credentials(key, secret, said.string("SessionToken")));
    }
  }

  private static String line(String name, String value) {
    return Json.text(JsonObject.EMPTY.with(name, value));
  }
}
