// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.join;

import dev.holdfast.app.agent.AgentSupervisor;
import dev.holdfast.app.agent.AgentSupervisor.NoCredentials;
import dev.holdfast.app.agent.ThisMachine;
import dev.holdfast.app.cli.ServerProcess;
import dev.holdfast.app.cli.hosts.JoinOptions;
import dev.holdfast.app.hosts.Facts;
import dev.holdfast.app.tls.Contexts;
import dev.holdfast.app.tls.HostKey;
import dev.holdfast.app.tls.Pem;
import dev.holdfast.app.tls.PinnedTrust;
import dev.holdfast.http.UnixHttpClient;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.Printable;
import dev.holdfast.kit.disk.Disk;
import dev.holdfast.kit.disk.DiskBroken;
import dev.holdfast.kit.disk.FailStopDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * This machine as a host of a platform elsewhere: joins it once, and from then on keeps its
 * certificate fresh and an agent running.
 */
public final class JoinedMachine {
  private static final System.Logger LOG = System.getLogger("host");
  private static final Duration LOOK = Duration.ofMinutes(10);
  private static final Duration ASK = Duration.ofSeconds(10);
  private static final Duration STOP = Duration.ofMinutes(4);

  /** Of a text of the platform's or the network's, in characters. */
  private static final int LONGEST = 400;

  private final JoinOptions options;
  private final SecureRandom random;
  private final InstantSource clock;
  private final KeptMembership membership;
  private final AtomicReference<PlatformLine> line;
  private final LoopbackForward forward;
  private final CountDownLatch end = new CountDownLatch(1);
  private volatile boolean removed;
  private volatile @Nullable DiskBroken failure;

  private JoinedMachine(
      JoinOptions options,
      FailStopDisk disk,
      Membership joined,
      SecureRandom random,
      InstantSource clock)
      throws GeneralSecurityException, IOException {
    this.options = options;
    this.random = random;
    this.clock = clock;
    this.membership = new KeptMembership(options.dataDir(), disk, joined);
    this.line = new AtomicReference<>(line(joined));
    this.forward =
        new LoopbackForward(
            joined.platform(),
            Contexts.client(joined.authority()).getSocketFactory(),
            () -> port(membership.get()));
    disk.onFailure(
        broken -> {
          failure = broken;
          end.countDown();
        });
  }

  /** Runs until it is told to stop; returns the exit code, which is 1 where it was refused. */
  public static int run(JoinOptions options, SecureRandom random, InstantSource clock) {
    try {
      var disk = new FailStopDisk(Disk.local());
      var known = Membership.read(options.dataDir(), disk);
      boolean again = known.isPresent();
      if (again) {
        known.get().heal(options.dataDir(), disk);
      }
      Membership joined = again ? known.get() : join(options, disk, random);
      if (again && options.platform() != null) {
        System.out.println(
            "This machine has joined already, as " + joined.say("name") + "; it goes on.");
      }
      return new JoinedMachine(options, disk, joined, random, clock).serve();
    } catch (PlatformLine.Refused e) {
      System.err.println("holdfast: the platform refuses: " + e.getMessage());
    } catch (IOException | GeneralSecurityException e) {
      System.err.println("holdfast: this machine did not join: " + reason(e));
      LOG.log(System.Logger.Level.DEBUG, "not joined", e);
    }
    return 1;
  }

  /**
   * What is wrong with a folder's membership in words, with what to do; empty where nothing is, or
   * no machine joined from it.
   */
  public static Optional<String> damage(Path folder) {
    return Membership.damage(folder);
  }

  /** The innermost words: what wraps a refused certificate says nothing. */
  private static String reason(Throwable failure) {
    Throwable inner = failure;
    while (inner.getCause() != null) {
      inner = inner.getCause();
    }
    String text = inner.getMessage();
    return text == null ? inner.getClass().getSimpleName() : Printable.clipped(text, LONGEST);
  }

  private static Membership join(JoinOptions options, Disk disk, SecureRandom random)
      throws IOException, GeneralSecurityException {
    String platform = options.platform();
    String fingerprint = options.fingerprint();
    if (platform == null || fingerprint == null) {
      throw new IOException(
          "it was not told which platform; ask there for a command: ./holdfast host invite");
    }
    var trust = new PinnedTrust(fingerprint);
    var line = new PlatformLine(platform, Contexts.client(trust));
    KeyPair pair = HostKey.make(random);
    Membership.writeKey(options.dataDir(), pair.getPrivate(), disk);
    JsonObject told =
        line.ask(
            "join",
            JsonObject.EMPTY
                .with("code", options.code().read())
                .with("request", HostKey.request(pair))
                .with("facts", facts(0)));
    X509Certificate authority = trust.authority();
    String certificate = told.string("certificate");
    if (authority == null || certificate == null) {
      throw new IOException("the platform gave no certificate");
    }
    var joined =
        new Membership(
            platform, words(told), authority, pair.getPrivate(), Pem.certificate(certificate));
    joined.write(options.dataDir(), disk);
    System.out.println("Joined " + platform + " as " + joined.say("name") + ".");
    return joined;
  }

  /** What is kept of an answer, and shown: no session, and nothing that acts on a terminal. */
  static JsonObject words(JsonObject told) {
    JsonObject words = JsonObject.EMPTY;
    for (String name : List.of("host", "name", "installation", "region", "registry")) {
      String said = told.string(name);
      words = words.with(name, said == null ? "" : Printable.clipped(said, LONGEST));
    }
    return words;
  }

  private static JsonObject facts(int port) throws IOException {
    return Facts.json(ThisMachine.measure(port));
  }

  private static PlatformLine line(Membership joined) throws GeneralSecurityException, IOException {
    return new PlatformLine(
        joined.platform(), Contexts.client(joined.authority(), joined.key(), joined.certificate()));
  }

  private static int port(Membership joined) {
    String registry = joined.say("registry");
    String port = registry.substring(registry.lastIndexOf(':') + 1);
    return port.matches("[0-9]{1,5}") ? Integer.parseInt(port) : 0;
  }

  private int serve() {
    Path run = options.dataDir().resolve("run");
    var supervisor =
        new AgentSupervisor(
            command(run.resolve("agent.sock")),
            options.dataDir().resolve("logs").resolve("agent.log"),
            this::session);
    Thread hook = Thread.ofPlatform().unstarted(() -> stop(supervisor));
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      supervisor.start();
      String told = "";
      while (!end.await(told.isEmpty() ? 1 : 2, TimeUnit.SECONDS)) {
        String reason = supervisor.reason();
        if (!reason.equals(told) && !reason.isEmpty()) {
          System.err.println("holdfast: " + reason);
        }
        told = reason;
        if (!reason.isEmpty()) {
          look();
        }
        renew();
      }
      if (removed) {
        leave(run.resolve("agent.sock"));
      }
      supervisor.close();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      forward.close();
    }
    if (removed) {
      System.err.println(
          "holdfast: this host was removed from the platform; to join again, delete "
              + options.dataDir()
              + " and ask for another invitation");
    }
    DiskBroken broken = failure;
    if (broken != null) {
      System.err.println(
          "holdfast: the disk failed, so this host ends; its containers run on. "
              + broken.getMessage()
              + ". Look at the disk (dmesg), then start it again");
    }
    return removed || broken != null ? 1 : 0;
  }

  private Instant asked = Instant.EPOCH;

  /** Where the platform refuses the agent, it may be that this host was removed. */
  private void look() {
    Instant now = clock.instant();
    if (asked.plus(ASK).isAfter(now) && !asked.isAfter(now)) {
      return;
    }
    asked = now;
    try {
      JsonObject _ = session();
    } catch (NoCredentials e) {
      LOG.log(System.Logger.Level.DEBUG, "still without a session: {0}", e.getMessage());
    }
  }

  /** Ends what runs here of a platform that this host was removed from. */
  private static void leave(Path agent) {
    try (var client = new UnixHttpClient(agent, 1);
        var response = client.send(UnixHttpClient.Request.of("POST", "/leave", STOP))) {
      LOG.log(System.Logger.Level.INFO, "the tasks here ended: {0}", response.status());
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "the tasks here were not ended: {0}", e.getMessage());
    }
  }

  private void stop(AgentSupervisor supervisor) {
    end.countDown();
    supervisor.close();
    forward.close();
  }

  private List<String> command(Path socket) {
    Membership joined = membership.get();
    return ServerProcess.command(
        "agent",
        "--endpoint=https://" + joined.platform(),
        "--ca=" + Membership.authorityFile(options.dataDir()),
        "--registry=" + joined.say("registry"),
        "--region=" + joined.say("region"),
        "--installation=" + joined.say("installation"),
        "--data-dir=" + options.dataDir().resolve("agent"),
        "--socket=" + socket,
        "--engine=" + options.engine());
  }

  /** A fresh session of this host, by its certificate. */
  private JsonObject session() {
    try {
      forward.listen();
      JsonObject said =
          line.get().ask("session", JsonObject.EMPTY.with("facts", facts(port(membership.get()))));
      membership.told(words(said));
      forward.listen();
      return said;
    } catch (PlatformLine.Refused e) {
      if (e.removed()) {
        removed = true;
        end.countDown();
      }
      throw new NoCredentials("the platform refuses: " + e.getMessage());
    } catch (IOException e) {
      throw new NoCredentials("the platform gives no session: " + reason(e));
    }
  }

  private Instant looked = Instant.EPOCH;

  /** Asks for the next certificate, of another key, once half of this one's time is over. */
  private void renew() {
    Instant now = clock.instant();
    if (looked.plus(LOOK).isAfter(now) && !looked.isAfter(now)) {
      return;
    }
    looked = now;
    Membership joined = membership.get();
    Instant from = joined.certificate().getNotBefore().toInstant();
    Instant until = joined.certificate().getNotAfter().toInstant();
    if (now.isBefore(from.plus(Duration.between(from, until).dividedBy(2)))) {
      return;
    }
    try {
      KeyPair pair = HostKey.make(random);
      membership.awaits(pair);
      JsonObject said =
          line.get().ask("certificate", JsonObject.EMPTY.with("request", HostKey.request(pair)));
      Membership next =
          membership.renewed(
              words(said), pair, Pem.certificate(String.valueOf(said.string("certificate"))));
      line.set(line(next));
      membership.settles(pair);
      LOG.log(
          System.Logger.Level.INFO,
          "the certificate was renewed; it holds until {0}",
          next.certificate().getNotAfter().toInstant());
    } catch (PlatformLine.Refused | IOException | GeneralSecurityException e) {
      LOG.log(System.Logger.Level.WARNING, "the certificate was not renewed: {0}", reason(e));
    }
  }

  /** Whether a folder is one of a machine that joined. */
  public static boolean joined(Path folder) {
    return Files.exists(Membership.keyFile(folder));
  }
}
