// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import dev.holdfast.app.cli.ServerOptions;
import dev.holdfast.app.cli.hosts.Listen;
import dev.holdfast.app.tls.OutwardDoors;
import dev.holdfast.http.HttpServer;
import dev.holdfast.service.Profile;
import dev.holdfast.store.StoreUnavailable;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The server process: opens the data directory, starts the platform and its doors, and ends. */
final class Server {
  private static final System.Logger LOG = System.getLogger("server");

  /** How long an end may take; less than five seconds, in which a supervisor loses patience. */
  private static final Duration LIMIT = Duration.ofMillis(4500);

  private Server() {}

  /**
   * Serves until {@code POST /shutdown} or SIGTERM; returns the exit code, which is 1 also where
   * the state's disk failed under it.
   */
  static int run(ServerOptions options) {
    Logging.install();
    try {
      return serve(options);
    } catch (Refusal e) {
      System.err.println(e.getMessage());
      return 1;
    } catch (StoreUnavailable | IOException e) {
      if (e instanceof BindException || e.getCause() instanceof BindException) {
        System.err.println(taken(options));
        return 1;
      }
      System.err.println("the platform cannot start: " + e.getMessage());
      LOG.log(Level.ERROR, "the platform cannot start", e);
      return 1;
    }
  }

  private static String taken(ServerOptions options) {
    String plain =
        "port %d on %s is taken; choose another: --port N (0 for any free one)"
            .formatted(options.port(), options.bind());
    return options.listen().outward().isEmpty()
        ? plain
        : plain
            + "\nor one of these is taken, or no address of this machine: "
            + String.join(
                ", ", options.listen().outward().stream().map(Listen.Address::toString).toList());
  }

  private static int serve(ServerOptions options) throws IOException {
    HttpServer.prepare();
    Path dir = options.dataDir();
    var random = new SecureRandom();
    InstantSource clock = InstantSource.system();
    Foundation.Ground ground = Foundation.Ground.local();
    Installation installation =
        Installation.open(
            dir, profile(options.profile()), options.rootKey(), random, ground.disk());
    InetAddress bind = InetAddress.getByName(options.bind());
    var settings =
        new Platform.Settings(
            dir, bind, options.port(), outward(options, installation), options.region());
    Path sockets = SocketFolder.of(dir, installation.id());
    var stop = new CountDownLatch(1);
    Thread hook = Thread.ofPlatform().unstarted(() -> stopAndWait(stop, Thread.currentThread()));
    var failure = new AtomicReference<@Nullable StoreUnavailable>();
    Consumer<StoreUnavailable> broken =
        reason -> {
          failure.compareAndSet(null, reason);
          stop.countDown();
        };
    try (Foundation foundation =
        Foundation.open(dir, installation, random, clock, broken, ground)) {
      installation.confirm(foundation.state());
      try (Platform platform = Platform.start(foundation, installation, settings);
          LocalOperator operator =
              new LocalOperator(platform, options, sockets, clock, stop::countDown);
          HttpServer _ = adminDoor(sockets, operator)) {
        LOG.log(Level.INFO, "serving at {0}", platform.endpoint().url());
        operator.start();
        Runtime.getRuntime().addShutdownHook(hook);
        stop.await();
        ending(failure.get());
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      CLOSED.countDown();
    }
    return failure.get() == null ? 0 : 1;
  }

  private static OutwardDoors.Wanted outward(ServerOptions options, Installation installation)
      throws IOException {
    var listeners = new ArrayList<InetSocketAddress>();
    for (Listen.Address address : options.listen().outward()) {
      if (installation.profile() == Profile.DEV) {
        throw new Refusal(
            "the profile `dev` listens on loopback only, and %s is not; for other machines make a directory in the profile `standard`"
                .formatted(address.host()));
      }
      listeners.add(new InetSocketAddress(InetAddress.getByName(address.host()), address.port()));
    }
    var issuers = new HashMap<String, InetSocketAddress>();
    for (Listen.Issuer issuer : options.listen().issuers()) {
      Listen.Address at = issuer.at();
      issuers.put(
          issuer.name(), new InetSocketAddress(InetAddress.getByName(at.host()), at.port()));
    }
    return new OutwardDoors.Wanted(listeners, options.listen().names(), issuers);
  }

  /** From here on the process lives five seconds at most. */
  private static void ending(@Nullable StoreUnavailable failure) {
    if (failure == null) {
      LOG.log(Level.INFO, "stopping");
    } else {
      LOG.log(Level.ERROR, "the disk failed", failure);
      System.err.println(
          "the disk failed, so nothing more is acknowledged and the server ends; what was acknowledged"
              + " is kept. "
              + reason(failure)
              + " Look at the disk (dmesg), then start again: ./holdfast up");
    }
    Thread.ofPlatform()
        .name("last-word")
        .daemon()
        .start(
            () -> {
              try {
                if (!CLOSED.await(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                  System.err.println("not everything ended within " + LIMIT.toSeconds() + " s");
                  Runtime.getRuntime().halt(failure == null ? 0 : 1);
                }
              } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
              }
            });
  }

  private static String reason(StoreUnavailable failure) {
    Throwable inner = failure.getCause();
    String why = String.valueOf(failure.getMessage());
    String more = inner == null ? why : String.valueOf(inner.getMessage());
    return "The reason: " + (why.equals(more) ? why : why + ": " + more) + ".";
  }

  private static final CountDownLatch CLOSED = new CountDownLatch(1);

  /** On SIGTERM: asks the server to end and keeps the process alive until it has. */
  private static void stopAndWait(CountDownLatch stop, Thread self) {
    stop.countDown();
    try {
      boolean _ = CLOSED.await(5, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      self.interrupt();
    }
  }

  private static @Nullable Profile profile(@Nullable String name) {
    if (name == null) {
      return null;
    }
    for (Profile profile : Profile.values()) {
      if (profile.name().toLowerCase(Locale.ROOT).equals(name)) {
        return profile;
      }
    }
    throw new Refusal("there is no profile `" + name + "`; choose dev or standard");
  }

  private static HttpServer adminDoor(Path sockets, LocalOperator operator) throws IOException {
    Path socket = sockets.resolve("admin.sock");
    Files.deleteIfExists(socket);
    HttpServer server =
        HttpServer.start(socket, new AdminDoor(operator, System.getProperty("user.name")));
    Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
    return server;
  }
}
