// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent;

import dev.holdfast.agent.cgroup.TaskCgroups;
import dev.holdfast.agent.endpoint.AgentEndpoint;
import dev.holdfast.agent.endpoint.PlatformForward;
import dev.holdfast.agent.engine.DockerEngine;
import dev.holdfast.agent.host.Firewall;
import dev.holdfast.agent.host.HostPolicy;
import dev.holdfast.agent.host.HostRules;
import dev.holdfast.agent.host.SubnetPool;
import dev.holdfast.agent.host.TaskNetworks;
import dev.holdfast.agent.link.AgentLink;
import dev.holdfast.agent.link.HostIdentity;
import dev.holdfast.agent.link.LogCalls;
import dev.holdfast.agent.link.PlatformCalls;
import dev.holdfast.agent.link.PlatformTrust;
import dev.holdfast.agent.link.RegistryAccess;
import dev.holdfast.agent.link.TaskProtectionCalls;
import dev.holdfast.agent.link.TaskTagCalls;
import dev.holdfast.agent.logs.LogShipper;
import dev.holdfast.agent.task.EphemeralStorage;
import dev.holdfast.agent.task.TaskCredentials;
import dev.holdfast.agent.task.TaskFiles;
import dev.holdfast.agent.task.TaskHost;
import dev.holdfast.agent.task.TaskMachine;
import dev.holdfast.agent.task.TaskRunner;
import dev.holdfast.agent.task.Tasks;
import dev.holdfast.agent.tidy.PulledImages;
import dev.holdfast.agent.tidy.Tidier;
import dev.holdfast.agent.tidy.TidySettings;
import dev.holdfast.aws.client.AwsClient;
import dev.holdfast.kit.disk.Disk;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** One host's agent, put together: waits for the engine, adopts what runs, joins the platform. */
final class HostAgent implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(HostAgent.class.getName());
  private static final Duration LOOK = Duration.ofSeconds(3);

  /** One look at the firewall's rules for so many at the engine. */
  private static final int LOOKS_AT_RULES = 5;

  /** Between two rounds over what tasks wrote; the engine walks over their files for each. */
  private static final Duration MEASURE = Duration.ofMinutes(1);

  private static final Duration LEAVE = Duration.ofSeconds(3);

  /** AWS's longest stop timeout, and time to clean up. */
  private static final Duration DISCARD = Duration.ofSeconds(150);

  /** One look at what may go for so many at the engine. */
  private static final int LOOKS_TO_TIDY = 20;

  /** Enough for a task with its restarts; a burst of tasks waits for the engine as ever. */
  private static final int NETWORKS_AHEAD = 2;

  private final AgentOptions options;
  private final Disk disk;
  private final HostIdentity identity;
  private final RandomGenerator random;
  private final InstantSource clock;
  private final StatusLine status;
  private volatile @Nullable Thread runner;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final AtomicReference<@Nullable Tasks> tasks = new AtomicReference<>();
  private final AtomicReference<@Nullable AgentLink> link = new AtomicReference<>();
  private final AtomicReference<@Nullable LogShipper> output = new AtomicReference<>();
  private final AtomicReference<@Nullable Tidier> tidier = new AtomicReference<>();

  HostAgent(
      AgentOptions options,
      Disk disk,
      HostIdentity identity,
      RandomGenerator random,
      InstantSource clock,
      StatusLine status) {
    this.options = options;
    this.disk = disk;
    this.identity = identity;
    this.random = random;
    this.clock = clock;
    this.status = status;
  }

  void start() {
    runner = Thread.ofVirtual().name("host-agent").start(this::run);
  }

  private void run() {
    if (!"root".equals(System.getProperty("user.name"))) {
      status.engine("running tasks needs root: start the platform as root");
      return;
    }
    while (!rest(Duration.ZERO)) {
      try (DockerEngine engine = DockerEngine.open(options.engine())) {
        join(engine);
        watch(engine);
        return;
      } catch (IOException e) {
        status.engine(
            "tasks cannot run here: " + e.getMessage() + " (socket " + options.engine() + ")");
        LOG.log(Level.WARNING, "not joined: {0}", e.getMessage());
      } catch (RuntimeException e) {
        status.engine("tasks cannot run here: the agent failed, see its log");
        LOG.log(Level.SEVERE, "not joined", e);
      }
      leave();
      if (rest(LOOK)) {
        return;
      }
    }
  }

  private void join(DockerEngine engine) throws IOException {
    Path authority = options.platform().authority();
    SSLContext tls = authority == null ? null : PlatformTrust.of(authority);
    HttpClient http = PlatformForward.httpClient(tls);
    var credentials = new TaskCredentials();
    var client =
        new AwsClient(
            http, options.endpoint(), options.region(), identity::credentials, identity.clock());
    var calls = new PlatformCalls(client, identity, options.region(), this::healthChanged);
    var endpoint =
        new AgentEndpoint(
            options.network().port(),
            credentials,
            engine.containers(),
            new PlatformForward(
                options.endpoint(), PlatformForward.clientOfTasks(options.endpoint(), tls)),
            new AgentEndpoint.AsTask(
                new TaskProtectionCalls(client, options.region()),
                new TaskTagCalls(client, options.region())),
            options.region() + "a",
            this::find);
    var shipper =
        LogShipper.open(
            options.engine(),
            options.data().resolve("log-places"),
            disk,
            new LogCalls(client),
            credentials);
    output.set(shipper);
    var pulled = PulledImages.open(options.data().resolve("images.json"), disk);
    var cgroups = TaskCgroups.open(engine.info(), options.installation());
    if (!cgroups.lacking().isEmpty()) {
      LOG.log(Level.WARNING, "tasks are held to no limits of their own: {0}", cgroups.lacking());
    }
    status.limits(cgroups.lacking());
    var host =
        new TaskHost(
            engine,
            new TaskNetworks(
                engine,
                new Firewall(options.installation(), options.network().port()),
                options.installation(),
                SubnetPool.parse(options.network().subnets()),
                random,
                NETWORKS_AHEAD),
            new HostPolicy(HostRules.load(options.network().policy()), closed()),
            cgroups,
            new TaskFiles(options.data().resolve("tasks"), disk),
            credentials,
            calls,
            new RegistryAccess(client, options.platform().registry(), options.region()),
            calls,
            endpoint,
            shipper,
            pulled,
            new TaskHost.Settings(
                options.installation(), options.network().bindAddress(), options.region(), false),
            clock);
    TidySettings settings = TidySettings.of(System.getenv());
    var joined = new Tasks(host, new TaskMachine(settings.stopped()), random);
    tidier.set(new Tidier(engine, joined, pulled, settings, clock, status::tidied));
    tasks.set(joined);
    joined.start();
    measure(joined, new EphemeralStorage(host, joined));
    status.engine("");
    var streams =
        new AgentLink(
            http, options.endpoint(), identity, options.region(), joined, engine, status::link);
    link.set(streams);
    streams.start();
  }

  /** Measures what tasks write for as long as they are this host's. */
  private void measure(Tasks joined, EphemeralStorage storage) {
    Thread.ofVirtual()
        .name("ephemeral-storage")
        .start(
            () -> {
              while (!rest(MEASURE) && tasks.get() == joined) {
                storage.look();
              }
            });
  }

  /** What no container gets, whatever the host's owner lists. */
  private List<Path> closed() {
    return List.of(options.engine(), options.control(), options.data(), options.network().policy());
  }

  /** Says when the engine goes away and when it is back. */
  private void watch(DockerEngine engine) {
    for (int look = 1; !rest(LOOK); look++) {
      Tasks joined = tasks.get();
      if (joined != null && look % LOOKS_AT_RULES == 0) {
        joined.assureIsolation();
      }
      Tidier tidying = tidier.get();
      if (tidying != null && look % LOOKS_TO_TIDY == 0) {
        tidying.look();
      }
      status.engine(
          engine.answers()
              ? ""
              : "tasks cannot run here: the container engine at "
                  + options.engine()
                  + " does not answer");
    }
    leave();
  }

  private void leave() {
    AgentLink streams = link.getAndSet(null);
    if (streams != null) {
      streams.close();
    }
    tidier.set(null);
    Tasks joined = tasks.getAndSet(null);
    if (joined != null) {
      joined.close();
    }
    LogShipper shipper = output.getAndSet(null);
    if (shipper != null) {
      shipper.close();
    }
  }

  private boolean rest(Duration time) {
    try {
      return closed.await(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private @Nullable TaskRunner find(String taskArn) {
    Tasks joined = tasks.get();
    return joined == null ? null : joined.find(taskArn);
  }

  private void healthChanged(String taskArn) {
    AgentLink streams = link.get();
    if (streams != null) {
      streams.healthChanged(taskArn);
    }
  }

  /** Removes what ended tasks left, and what of ours runs nothing. */
  void cleanUp() throws IOException, InterruptedException {
    Tasks joined = tasks.get();
    if (joined != null) {
      joined.cleanUp();
    }
  }

  /** Stops every task and removes what is left of them: this host belongs to no platform more. */
  void leaveForGood() throws IOException, InterruptedException {
    Tasks joined = tasks.get();
    if (joined != null) {
      joined.discard(joined.all(), DISCARD);
      joined.cleanUp();
    }
  }

  /** Leaves the platform; containers go on. */
  @Override
  public void close() {
    closed.countDown();
    Thread running = runner;
    try {
      if (running != null && !running.join(LEAVE)) {
        LOG.log(Level.WARNING, "the agent is slow to leave");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
