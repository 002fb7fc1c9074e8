// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.control;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.agent.AgentFrame;
import dev.holdfast.aws.agent.AgentMessage;
import dev.holdfast.aws.agent.PayloadMessage;
import dev.holdfast.aws.agent.PayloadTask;
import dev.holdfast.aws.agent.PublishHealthRequest;
import dev.holdfast.aws.agent.TaskIdentity;
import dev.holdfast.aws.agent.TaskManifestMessage;
import dev.holdfast.aws.agent.TaskStopVerificationAck;
import dev.holdfast.aws.agent.TaskStopVerificationMessage;
import dev.holdfast.aws.ecs.ContainerStateChange;
import dev.holdfast.aws.ecs.RegisterContainerInstanceResponse;
import dev.holdfast.aws.ecs.SubmitTaskStateChangeRequest;
import dev.holdfast.ecs.control.SimWorld.Kind;
import dev.holdfast.ecs.control.SimWorld.Sort;
import dev.holdfast.ecs.model.ContainerInstance;
import dev.holdfast.ecs.state.Connections;
import dev.holdfast.http.WebSocketConnection;
import dev.holdfast.service.Principal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A machine with an agent: it is told by the real script of its instance, starts and stops what it
 * is told, and reports as agents do, over lines that lose, delay and repeat.
 */
final class SimHost {
  /** How a task is doing on the machine. */
  enum Phase {
    STARTING,
    RUNNING,
    STOPPED
  }

  /** A task on the machine. */
  static final class Box {
    final String arn;
    final Kind kind;
    Phase phase = Phase.STARTING;
    Instant changed;
    boolean stopping;

    Box(String arn, Kind kind, Instant now) {
      this.arn = arn;
      this.kind = kind;
      this.changed = now;
    }

    boolean lives() {
      return phase != Phase.STOPPED;
    }
  }

  private record Report(String arn, String status, @Nullable Integer exit, @Nullable String why) {}

  private static final Duration AGAIN = Duration.ofSeconds(10);

  private final SimWorld world;
  final int number;
  final int cpu;
  final int memory;
  private final Principal principal;
  final ContainerInstance.Key key;
  final Map<String, Box> boxes = new LinkedHashMap<>();
  private final ArrayDeque<Report> unsent = new ArrayDeque<>();
  private final Set<String> ended = new HashSet<>();
  private Connections.@Nullable Lease lease;
  private @Nullable InstanceScript script;
  private @Nullable Outbox outbox;
  private boolean telling;

  /** Off for good: nobody hears of it again. */
  boolean gone;

  /** When its operator deregistered it. */
  @Nullable Instant removed;

  /** Off, or its line is cut; since when. */
  @Nullable Instant cut;

  @Nullable Instant connected;

  private SimHost(SimWorld world, int number, int cpu, int memory, ContainerInstance.Key key) {
    this.world = world;
    this.number = number;
    this.cpu = cpu;
    this.memory = memory;
    this.principal = SimPlatform.principal("HOST" + number);
    this.key = key;
  }

  /** A new machine that joins. */
  static SimHost joining(SimWorld world, int number) {
    int cpu = number % 3 == 0 ? 8192 : 4096;
    int memory = 2 * cpu;
    String json =
        """
        {"cluster":"%s","attributes":[{"name":"ecs.availability-zone","value":"eu-test-1%s"},
         {"name":"ecs.cpu-architecture","value":"x86_64"}],
         "totalResources":[{"name":"CPU","type":"INTEGER","integerValue":%d},
         {"name":"MEMORY","type":"INTEGER","integerValue":%d},
         {"name":"PORTS","type":"STRINGSET","stringSetValue":["22","2375"]}]}
        """
            .formatted(SimPlatform.CLUSTER, "abc".charAt(number % 3), cpu, memory);
    var made =
        world
            .platform()
            .call(
                SimPlatform.principal("HOST" + number),
                "RegisterContainerInstance",
                json,
                RegisterContainerInstanceResponse.class)
            .containerInstance();
    String arn = String.valueOf(Objects.requireNonNull(made).containerInstanceArn());
    var key =
        new ContainerInstance.Key(
            SimPlatform.ACCOUNT,
            SimPlatform.REGION,
            SimPlatform.CLUSTER,
            arn.substring(arn.lastIndexOf('/') + 1));
    var host = new SimHost(world, number, cpu, memory, key);
    host.connect();
    return host;
  }

  boolean listens() {
    return script != null;
  }

  /** The agent connects, and sends what it could not send. */
  void connect() {
    if (script != null || gone) {
      return;
    }
    lease =
        world
            .platform()
            .connections()
            .open(key.arn().toString(), new Connections.Peer("1.0", "1"))
            .orElseThrow(() -> new AssertionError("host " + number + " is connected already"));
    outbox = world.platform().outbox(new Line());
    script =
        new InstanceScript(
            world.platform().tools(), key, outbox, new InstanceScript.Agent(true, Dialect.OURS));
    cut = null;
    connected = world.now();
    tell();
    deliver();
  }

  /** The line is cut; what runs goes on. */
  void disconnect() {
    if (lease != null) {
      lease.close();
    }
    lease = null;
    script = null;
    outbox = null;
    connected = null;
    cut = cut == null ? world.now() : cut;
  }

  /** The platform has ended: its end of the line is gone. */
  void dropped() {
    lease = null;
    disconnect();
  }

  /** The machine is off: nothing on it goes on. The agent finds that out when it is back. */
  void powerOff() {
    disconnect();
    for (Box box : boxes.values()) {
      if (box.lives()) {
        box.phase = Phase.STOPPED;
        box.changed = world.now();
        unsent.add(new Report(box.arn, "STOPPED", 137, null));
      }
    }
  }

  /** Something of the instance has changed. */
  void wake() {
    if (script != null && !telling) {
      telling = true;
      world.in(
          Duration.ofMillis(world.random().nextInt(100, 1500)),
          () -> {
            telling = false;
            tell();
          });
    }
  }

  void tell() {
    InstanceScript now = script;
    try {
      if (now != null && !now.tell(Signals.Woken.ALL)) {
        disconnect();
        gone = true;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void heard(AgentMessage message) throws IOException {
    switch (message) {
      case PayloadMessage payload -> {
        for (PayloadTask task : payload.tasks()) {
          if (task.desiredStatus().equals("STOPPED")) {
            stop(task.arn());
          } else {
            start(task);
          }
        }
      }
      case TaskManifestMessage manifest -> {
        var listed = new HashMap<String, String>();
        manifest.tasks().forEach(t -> listed.put(t.taskArn(), String.valueOf(t.desiredStatus())));
        var doubtful = new ArrayList<TaskIdentity>();
        for (Box box : boxes.values()) {
          if (box.lives() && !"RUNNING".equals(listed.get(box.arn))) {
            doubtful.add(new TaskIdentity(box.arn, manifest.clusterArn(), "STOPPED"));
          }
        }
        if (!doubtful.isEmpty() && script != null) {
          script.hear(new TaskStopVerificationMessage(manifest.messageId(), doubtful));
        }
      }
      case TaskStopVerificationAck ack -> ack.stopTasks().forEach(t -> stop(t.taskArn()));
      default -> {
        // Credentials and heartbeats change nothing here.
      }
    }
  }

  private void start(PayloadTask task) {
    if (boxes.containsKey(task.arn()) || ended.contains(task.arn())) {
      return; // told again
    }
    Kind kind = world.kind(task.family() + ":" + task.version());
    var box = new Box(task.arn(), kind, world.now());
    boxes.put(box.arn, box);
    world.ledger().started(this, box);
    if (world.registryDown() || kind.sort() == Sort.NO_IMAGE) {
      world.in(world.seconds(2, 10), () -> fail(box, "CannotPullContainerError: not found"));
    } else {
      world.in(world.seconds(1, 15), () -> run(box));
    }
  }

  private void fail(Box box, String why) {
    if (box.lives()) {
      end(box, null, why);
    }
  }

  private void run(Box box) {
    if (!box.lives() || box.stopping) {
      return;
    }
    box.phase = Phase.RUNNING;
    box.changed = world.now();
    report(new Report(box.arn, "RUNNING", null, null));
    if (box.kind.sort() == Sort.CRASHING) {
      world.in(world.seconds(1, 25), () -> crash(box, 1));
    } else if (box.kind.checked()) {
      world.in(world.seconds(5, 25), () -> health(box));
    }
  }

  /** Tells the health of a box every now and then, as long as it runs. */
  private void health(Box box) {
    if (box.phase != Phase.RUNNING) {
      return;
    }
    Outbox out = outbox;
    boolean known = false;
    if (out != null) {
      known = true;
      String health = box.kind.sort() == Sort.UNHEALTHY ? "UNHEALTHY" : "HEALTHY";
      new TelemetryScript(world.platform().tools(), key, out)
          .health(
              new PublishHealthRequest(
                  null,
                  List.of(
                      new PublishHealthRequest.TaskHealth(
                          box.arn,
                          null,
                          null,
                          null,
                          List.of(
                              new PublishHealthRequest.ContainerHealth("app", health, null))))));
    }
    world.in(known ? Duration.ofMinutes(30) : Duration.ofSeconds(20), () -> health(box));
  }

  /** A running box falls. */
  void crash(Box box, int exit) {
    if (box.phase == Phase.RUNNING) {
      end(box, exit, null);
    }
  }

  private void stop(String arn) {
    Box box = boxes.get(arn);
    if (box == null) {
      if (!ended.contains(arn)) {
        report(new Report(arn, "STOPPED", null, "never started"));
        ended.add(arn);
      }
    } else if (box.lives() && !box.stopping) {
      box.stopping = true;
      world.in(
          world.seconds(1, world.random().nextInt(10) == 0 ? 30 : 4),
          () -> {
            if (box.lives()) {
              end(box, 143, null);
            }
          });
    }
  }

  private void end(Box box, @Nullable Integer exit, @Nullable String why) {
    box.phase = Phase.STOPPED;
    box.changed = world.now();
    report(new Report(box.arn, "STOPPED", exit, why));
  }

  private void report(Report report) {
    unsent.add(report);
    deliver();
  }

  private void deliver() {
    while (script != null && !unsent.isEmpty()) {
      if (world.chance(30)) { // lost, or late: an agent sends again what nobody has acknowledged
        world.in(world.chance(500) ? AGAIN : world.seconds(2, 60), this::deliver);
        return;
      }
      Report report = unsent.removeFirst();
      submit(report);
      if (world.chance(30)) {
        world.in(world.seconds(1, 300), () -> submit(report));
      }
      Box box = boxes.get(report.arn());
      if (box != null && report.status().equals("STOPPED")) {
        boxes.remove(box.arn);
        ended.add(box.arn);
      }
    }
  }

  private void submit(Report report) {
    if (script == null) {
      return;
    }
    var container =
        ContainerStateChange.builder()
            .containerName("app")
            .status(report.status())
            .exitCode(report.exit())
            .reason(report.why())
            .build();
    try {
      world
          .platform()
          .submit(
              principal,
              SubmitTaskStateChangeRequest.builder()
                  .cluster(SimPlatform.CLUSTER)
                  .task(report.arn())
                  .status(report.status())
                  .containers(List.of(container))
                  .build());
    } catch (ApiError e) {
      if (!e.text().contains("not found")) {
        throw e;
      }
    }
  }

  /** The agent's end of the line. */
  private final class Line implements WebSocketConnection {
    @Override
    public void send(String text) throws IOException {
      AgentMessage message = AgentFrame.read(text);
      if (message != null) {
        heard(message);
      }
    }

    @Override
    public void send(byte[] bytes) {
      throw new AssertionError("agents are told in text");
    }

    @Override
    public Optional<Message> next(Duration timeout) {
      return Optional.empty();
    }

    @Override
    public Optional<String> receive(Duration timeout) {
      return Optional.empty();
    }

    @Override
    public void close(int status, String reason) {}

    @Override
    public boolean isOpen() {
      return true;
    }
  }
}
