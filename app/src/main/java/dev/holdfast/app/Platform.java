// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import dev.holdfast.app.agent.ThisMachine;
import dev.holdfast.app.hosts.Context;
import dev.holdfast.app.hosts.HostDesk;
import dev.holdfast.app.hosts.HostDoor;
import dev.holdfast.app.neighbours.ContainerSecrets;
import dev.holdfast.app.neighbours.IamRoles;
import dev.holdfast.app.neighbours.OutboundSites;
import dev.holdfast.app.neighbours.RegistryImages;
import dev.holdfast.app.tls.OutwardDoors;
import dev.holdfast.ecs.Ecs;
import dev.holdfast.ecs.port.Clocks;
import dev.holdfast.ecs.port.EcsDependencies;
import dev.holdfast.gateway.AwsCalls;
import dev.holdfast.gateway.Catalog;
import dev.holdfast.gateway.Gateway;
import dev.holdfast.gateway.SignedDoor;
import dev.holdfast.iam.Iam;
import dev.holdfast.kms.Kms;
import dev.holdfast.logs.Limits;
import dev.holdfast.logs.Logs;
import dev.holdfast.registry.Registry;
import dev.holdfast.registry.blob.BlobStore;
import dev.holdfast.registry.blob.FileBlobStore;
import dev.holdfast.registry.blob.LimitedBlobStore;
import dev.holdfast.secrets.Secrets;
import dev.holdfast.service.ApiService;
import dev.holdfast.service.ClientTokens;
import dev.holdfast.service.Endpoint;
import dev.holdfast.service.Guardrails;
import dev.holdfast.service.PageTokens;
import dev.holdfast.service.Route;
import dev.holdfast.service.Workload;
import dev.holdfast.ssm.Ssm;
import dev.holdfast.trail.Trail;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The assembled platform: every service, wired by hand, behind one door. Closing it closes all in
 * reverse order and touches no container.
 */
public final class Platform implements AutoCloseable {
  private static final Duration HEAD_BEAT = Duration.ofSeconds(10);
  private static final Duration CLOCK_BEAT = Duration.ofMinutes(10);
  private static final Duration LAST_USES = Duration.ofMinutes(5);
  private static final Duration CLIENT_TOKENS = Duration.ofHours(24);

  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final Installation installation;
  private final Optional<DiskSpace> disk;
  private final SettledClock settled;
  private final Housekeeping housekeeping;
  private final FrontDoor door;
  private final Trail trail;
  private final Iam iam;
  private final Logs logs;
  private final Registry registry;
  private final Ecs ecs;
  private final Catalog catalog;
  private final List<Route> routes;
  private final HostDoor.Needs hosts;
  private final OutwardDoors outward;
  private final OpenDirectory directory;
  private final Workload workload =
      Workload.of(Runtime.getRuntime().availableProcessors(), Runtime.getRuntime().maxMemory());

  private Platform(Foundation foundation, Installation installation, Settings settings)
      throws IOException {
    this.installation = installation;
    disk = foundation.disk();
    door = FrontDoor.take(new InetSocketAddress(settings.bind(), settings.port()));
    PageTokens pages = foundation.pages();
    Guardrails guardrails =
        Guardrails.open(installation.profile(), foundation.state(), foundation.clock());
    settled =
        new SettledClock(foundation.clock(), System::nanoTime, LastTime.read(foundation.state()));
    trail = closing(Trail.create(foundation.state(), pages, foundation.clock()));
    iam =
        Iam.create(
            foundation.state(),
            new Iam.Keys(foundation.key("session")),
            guardrails,
            pages,
            OutboundSites.neighbours(settings.outward().issuers(), this::address),
            foundation.random(),
            foundation.clock());
    iam.accounts().ensureLocal(installation.account());
    Kms kms = foundation.kms(iam, trail.log(), pages);
    Ssm ssm = foundation.ssm(iam, kms, pages);
    Secrets secrets = foundation.secrets(iam, kms, pages);
    logs = Logs.create(foundation.state(), pages, foundation.random(), Limits.STANDARD);
    BlobStore blobs = blobs(foundation, settings.dataDir().resolve("blobs"));
    registry = closing(registry(foundation, guardrails, pages, blobs));
    directory =
        new OpenDirectory(
            settings.dataDir(), installation, foundation, iam, trail, blobs, registry.collector());
    registry.rememberAddress(foundation.state());
    closing(door); // before what its last requests use
    ecs = closing(ecs(foundation, guardrails, pages, neighbours(registry, ssm, secrets)));
    var services = new ArrayList<ApiService>(iam.services());
    services.addAll(
        List.of(
            trail.service(),
            kms.service(),
            ssm.service(),
            secrets.service(),
            logs.service(),
            registry.service(),
            ecs.service()));
    catalog = new Catalog(services);
    hosts = hosts(foundation, settings, ssm);
    var hostDoor = new HostDoor(hosts);
    outward =
        closing(
            OutwardDoors.open(
                settings.outward(),
                hosts.authority(),
                door,
                hostDoor::foreign,
                foundation.clock().instant()));
    hostDoor.names(outward::knows);
    routes = open(foundation, registry, hostDoor);
    housekeeping =
        closing(
            new Housekeeping(
                chores(foundation, kms, secrets, registry), settled, System::nanoTime));
    housekeeping.start();
    ecs.start();
  }

  /**
   * Where a platform listens and keeps its files.
   *
   * @param port 0 for any free one
   * @param outward where TLS is spoken, for other machines
   * @param region that hosts sign in where nothing names another
   */
  record Settings(
      Path dataDir, InetAddress bind, int port, OutwardDoors.Wanted outward, String region) {
    Settings(Path dataDir, InetAddress bind, int port) {
      this(dataDir, bind, port, new OutwardDoors.Wanted(List.of(), List.of()), "us-east-1");
    }

    Settings {
      if (!bind.isLoopbackAddress()) {
        throw new Refusal("plain HTTP is spoken on loopback alone, which " + bind + " is not");
      }
    }
  }

  /**
   * Starts a platform over an open foundation.
   *
   * @throws IOException where its address is taken
   */
  static Platform start(Foundation foundation, Installation installation, Settings settings)
      throws IOException {
    return new Platform(foundation, installation, settings);
  }

  private List<Housekeeping.Chore> chores(
      Foundation foundation, Kms kms, Secrets secrets, Registry registry) {
    return List.of(
        Housekeeping.Chore.soonAndHourly("scrub", _ -> registry.scrub().startWhereDue()),
        Housekeeping.Chore.soonAndDaily("state-checksums", _ -> directory.verifyChecksums()),
        new Housekeeping.Chore("audit-head", HEAD_BEAT, HEAD_BEAT, _ -> tellHead()),
        new Housekeeping.Chore(
            "clock", HEAD_BEAT, CLOCK_BEAT, now -> LastTime.write(foundation.state(), now)),
        Housekeeping.Chore.hourly("certificate", now -> outward.renew(now)),
        Housekeeping.Chore.hourly("kms-deletion", kms::deleteExpired),
        Housekeeping.Chore.hourly("kms-rotation", kms::rotateDue),
        Housekeeping.Chore.hourly("secret-deletion", secrets::deleteExpired),
        Housekeeping.Chore.hourly("logs", logs::sweep),
        Housekeeping.Chore.hourly(
            "sessions",
            now -> {
              iam.accounts().all().forEach(account -> iam.sessions().sweep(account, now));
              iam.sessions().sweep(now);
            }),
        new Housekeeping.Chore("last-uses", LAST_USES, LAST_USES, now -> iam.keepLastUses(now)),
        Housekeeping.Chore.hourly("iam", now -> iam.tidy(trail.log(), now)),
        Housekeeping.Chore.hourly(
            "client-tokens",
            now -> ClientTokens.forget(foundation.state(), now.minus(CLIENT_TOKENS))),
        Housekeeping.Chore.hourly("image-expiry", registry.expiry()::expire),
        Housekeeping.Chore.daily("audit-retention", trail::prune),
        Housekeeping.Chore.daily("blobs", registry.collector()::collect));
  }

  /** Tells the trail's signed end where it moved: a head kept elsewhere shows a cut-off end. */
  private void tellHead() {
    trail
        .movedHead()
        .ifPresent(
            head ->
                System.getLogger("trail")
                    .log(System.Logger.Level.INFO, "the signed head is " + head));
  }

  /** What other machines need of this installation. */
  private HostDoor.Needs hosts(Foundation foundation, Settings settings, Ssm ssm) {
    var ground = new Context.Ground(foundation.state(), foundation.random(), foundation.clock());
    var context =
        new Context(
            ground,
            trail.log(),
            installation.account(),
            installation.id(),
            settings.region(),
            () -> door.endpoint().registry());
    return HostDoor.Needs.of(context, iam, ecs.fleet(), ssm.machines(), workload);
  }

  private Registry registry(
      Foundation foundation, Guardrails guardrails, PageTokens pages, BlobStore blobs) {
    return Registry.create(
        new Registry.Dependencies(
            foundation.state(),
            blobs,
            (earlier, now) -> iam.authenticator().current(earlier, now),
            Iam::uniqueId,
            iam.guard(),
            guardrails,
            trail.log(),
            foundation.seal("registry"),
            pages,
            door::endpoint,
            foundation.random(),
            foundation.clock(),
            workload));
  }

  private BlobStore blobs(Foundation foundation, Path folder) throws IOException {
    BlobStore files = FileBlobStore.open(folder, foundation.files());
    Optional<DiskSpace> limits = foundation.disk();
    return limits.isPresent() ? new LimitedBlobStore(files, limits.get().blobs(folder)) : files;
  }

  private EcsDependencies.Neighbours neighbours(Registry registry, Ssm ssm, Secrets secrets)
      throws IOException {
    var values = new ContainerSecrets(ssm, secrets);
    return new EcsDependencies.Neighbours(
        new RegistryImages(registry),
        values,
        values,
        new IamRoles(iam.sessions()),
        ThisMachine.measure(door.port()));
  }

  private Ecs ecs(
      Foundation foundation,
      Guardrails guardrails,
      PageTokens pages,
      EcsDependencies.Neighbours neighbours) {
    return Ecs.create(
        new EcsDependencies(
            foundation.state(),
            iam.guard(),
            guardrails,
            pages,
            neighbours,
            door::endpoint,
            foundation.random(),
            new Clocks(foundation.clock(), settled, System::nanoTime),
            () -> outward.authorities()));
  }

  /** Lets requests in: from here on everything that answers stands. Returns the routes. */
  private List<Route> open(Foundation foundation, Registry registry, HostDoor hostDoor) {
    AwsCalls.Authenticator authenticator = iam.authenticator()::authenticate;
    var calls =
        new AwsCalls(
            catalog,
            authenticator,
            iam.guard(),
            trail.log(),
            foundation.clock(),
            foundation.random(),
            workload);
    var signed =
        new SignedDoor(
            authenticator,
            iam.authenticator()::current,
            trail.log(),
            foundation.clock(),
            foundation.random());
    var routes = new ArrayList<Route>(registry.routes());
    routes.addAll(iam.routes());
    routes.addAll(ecs.routes(signed));
    routes.add(hostDoor.route());
    door.open(new Gateway(calls, routes, door::endpoint, outward::knows, hostDoor.machines()));
    return List.copyOf(routes);
  }

  private <T extends AutoCloseable> T closing(T part) {
    open.push(part);
    return part;
  }

  private String address() {
    return outward.address(door.endpoint());
  }

  /** How clients reach this platform. */
  Endpoint endpoint() {
    return door.endpoint();
  }

  Installation installation() {
    return installation;
  }

  /** What the operator's own commands work on. */
  OpenDirectory directory() {
    return directory;
  }

  Trail trail() {
    return trail;
  }

  Iam iam() {
    return iam;
  }

  Ecs ecs() {
    return ecs;
  }

  /** What the operator does with other machines. */
  HostDesk hostDesk() {
    return new HostDesk(hosts, directory.operator()::call, outward::authorities);
  }

  Logs logs() {
    return logs;
  }

  /** What is served, for status and for contract tests. */
  Catalog catalog() {
    return catalog;
  }

  /** Reads every blob now, which housekeeping does at its own pace; for tests. */
  void scrub() throws IOException {
    registry.scrub().pass();
  }

  /** What the operator ought to mend before it stops work. */
  List<String> warnings() {
    var warnings = new ArrayList<>(disk.map(DiskSpace::warnings).orElse(List.of()));
    warnings.addAll(directory.damage());
    warnings.addAll(registry.damage());
    warnings.addAll(logs.warnings());
    settled.warning().ifPresent(warnings::add);
    return List.copyOf(warnings);
  }

  /** The operator says that the wall clock is right; returns the time that holds from now on. */
  Instant confirmClock() {
    return settled.confirm();
  }

  /** Does every recurring chore now. */
  void tidy() {
    housekeeping.all();
  }

  /** The paths that are no AWS operation. */
  List<Route> routes() {
    return routes;
  }

  @Override
  public void close() {
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception e) {
        System.getLogger("platform").log(System.Logger.Level.WARNING, "a part did not close", e);
      }
    }
  }
}
