// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.agent.TestEngine;
import dev.holdfast.agent.cgroup.TaskCgroups;
import dev.holdfast.agent.endpoint.AgentEndpoint;
import dev.holdfast.agent.endpoint.PlatformForward;
import dev.holdfast.agent.endpoint.TaskProtection;
import dev.holdfast.agent.engine.ContainerLogs;
import dev.holdfast.agent.engine.DockerEngine;
import dev.holdfast.agent.engine.Images.RegistryAuth;
import dev.holdfast.agent.host.Firewall;
import dev.holdfast.agent.host.HostPolicy;
import dev.holdfast.agent.host.HostRules;
import dev.holdfast.agent.host.SubnetPool;
import dev.holdfast.agent.host.TaskNetworks;
import dev.holdfast.agent.plan.TidyPlan;
import dev.holdfast.agent.task.TaskState.Status;
import dev.holdfast.agent.tidy.PulledImages;
import dev.holdfast.aws.agent.PayloadTask;
import dev.holdfast.aws.agent.RoleCredentials;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.disk.Disk;
import dev.holdfast.kit.disk.FailStopDisk;
import dev.holdfast.kit.disk.FailingDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(TestEngine.Available.class)
@Timeout(120)
class TasksTest {
  private static final String INSTALLATION = "taskstest";
  private final BlockingQueue<TaskReport> reports = new LinkedBlockingQueue<>();
  private final TaskCredentials credentials = new TaskCredentials();
  @TempDir Path folder;
  private DockerEngine engine;
  private final FailingDisk kernel = new FailingDisk();
  private Tasks tasks;

  @SuppressWarnings("NullAway.Init")
  TasksTest() {}

  @BeforeEach
  void open() throws IOException {
    engine = TestEngine.start().open();
    tasks = tasks();
    tasks.start();
  }

  @AfterEach
  void close() throws Exception {
    tasks.stopAll(Duration.ofSeconds(30));
    tasks.close();
    assertThat(engine.containers().list(TaskNetworks.INSTALLATION + "=" + INSTALLATION)).isEmpty();
    assertThat(engine.networks().list(TaskNetworks.INSTALLATION + "=" + INSTALLATION)).isEmpty();
    assertThat(engine.volumes().list(TaskNetworks.INSTALLATION + "=" + INSTALLATION)).isEmpty();
    engine.close();
  }

  private Tasks tasks() throws IOException {
    var networks =
        new TaskNetworks(
            engine,
            new Firewall(INSTALLATION, 51698),
            INSTALLATION,
            SubnetPool.parse("10.215.0.0/20"),
            new java.util.Random(215),
            1);
    var reporter =
        new TaskReporter() {
          @Override
          public void submit(TaskReport report) {
            reports.add(report);
          }

          @Override
          public void healthChanged(String taskArn) {}
        };
    var endpoint =
        new AgentEndpoint(
            51698,
            credentials,
            engine.containers(),
            new PlatformForward(
                URI.create("http://127.0.0.1:9"), java.net.http.HttpClient.newHttpClient()),
            new AgentEndpoint.AsTask(
                (_, _, _, _) -> new TaskProtection.Answer(200, JsonObject.EMPTY),
                (_, _) -> JsonObject.EMPTY.with("TaskTags", JsonObject.EMPTY.with("team", "a"))),
            "us-east-1a",
            arn -> tasks.find(arn));
    SecretSource secrets =
        (role, wanted) -> {
          if (wanted.stream().anyMatch(s -> s.valueFrom().equals("/missing"))) {
            throw new IOException("invalid parameters: /missing");
          }
          return Map.of("/db", "s3cr3t-value");
        };
    var host =
        new TaskHost(
            engine,
            networks,
            new HostPolicy(HostRules.DEFAULT),
            TaskCgroups.open(engine.info(), INSTALLATION),
            new TaskFiles(folder.resolve("tasks"), new FailStopDisk(kernel)),
            credentials,
            secrets,
            (authentication, image, role) -> new RegistryAuth("AWS", "x", image),
            reporter,
            endpoint,
            TaskOutput.NOWHERE,
            PulledImages.open(folder.resolve("images.json"), Disk.local()),
            new TaskHost.Settings(INSTALLATION, "127.0.0.1", "us-east-1", true),
            InstantSource.system());
    return new Tasks(host, new TaskMachine(Duration.ofMinutes(1)), new Random(1));
  }

  @Test
  void takesNoTaskWhoseFileRestsOnASyncThatFailed() {
    PayloadTask task = TaskMachineTest.task(container("web", "busybox true", ""));
    kernel.failNext(path -> path.endsWith("tasks"));
    for (int attempt = 0; attempt < 2; attempt++) {
      assertThatThrownBy(() -> tasks.run(task, "instance"))
          .isInstanceOf(UncheckedIOException.class);
    }
    assertThat(kernel.isToFail()).isFalse();
    assertThat(tasks.find(task.arn())).isNull();
  }

  private static String container(String name, String script, String more) {
    return """
    {"name":"%s","image":"%s","essential":true,"stopTimeout":1,"cpu":10,"memory":32,
     "command":["/bin/busybox","sh","-c","%s"]%s}
    """
        .formatted(name, TestEngine.IMAGE, script, more);
  }

  private TaskReport next() throws InterruptedException {
    return Objects.requireNonNull(reports.poll(30, TimeUnit.SECONDS), "no report");
  }

  private String logs(TaskReport report) throws IOException {
    String id = Objects.requireNonNull(report.containers().getFirst().runtimeId());
    var text = new StringBuilder();
    try (ContainerLogs logs = engine.containers().logs(id, false, java.time.Instant.EPOCH)) {
      for (var piece = logs.next(); piece != null; piece = logs.next()) {
        text.append(piece.text());
      }
    }
    return text.toString();
  }

  private static PayloadTask withRole(PayloadTask task) {
    return withRole(task, null, null);
  }

  private static PayloadTask withRole(
      PayloadTask task, @Nullable String networkMode, @Nullable String service) {
    var role = new RoleCredentials("cred-1", "arn:role", "ASIA", "sk", "st", null);
    return new PayloadTask(
        task.arn(),
        task.taskClusterArn(),
        "web",
        "1",
        null,
        "RUNNING",
        null,
        networkMode,
        null,
        null,
        null,
        service,
        null,
        null,
        null,
        null,
        role,
        role,
        task.volumes(),
        task.containers());
  }

  /** A task that writes its name into a shared volume and lists what is there. */
  private static PayloadTask sharing(String name, String environment, boolean make) {
    PayloadTask task =
        TaskMachineTest.task(
            container(
                "app",
                "busybox touch /data/" + name + "; busybox ls /data",
                ",\"mountPoints\":[{\"sourceVolume\":\"d\",\"containerPath\":\"/data\"}]"));
    Map<String, String> labels =
        environment.isEmpty() ? Map.of() : Map.of(PayloadTask.ENVIRONMENT, environment);
    var settings = new PayloadTask.VolumeSettings("shared", make, "local", Map.of(), labels);
    return new PayloadTask(
        task.arn() + name,
        task.taskClusterArn(),
        "web",
        "1",
        null,
        "RUNNING",
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        List.of(new PayloadTask.Volume("d", "docker", null, settings)),
        task.containers());
  }

  private TaskReport run(PayloadTask task) throws Exception {
    tasks.run(task, "i");
    TaskReport report = next();
    while (report.status() != Status.STOPPED) {
      report = next();
    }
    return report;
  }

  @Test
  void knowsWhichImagesAreWantedAndCleansUpWhatHasStopped() throws Exception {
    String wanted = "local/busybox@sha256:" + "1".repeat(64);
    PayloadTask task = TaskMachineTest.task(container("app", "busybox sleep 300", ""));
    tasks.run(task, "i");
    while (next().status() != Status.RUNNING) {
      assertThat(tasks.needed(List.of(wanted))).containsExactly(wanted);
    }
    // A tag may mean any version of its repository, and no other repository.
    assertThat(tasks.needed(List.of(wanted, "other/busybox@sha256:" + "1".repeat(64))))
        .containsExactly(wanted);
    assertThat(tasks.cleanUp(List.of(task.arn()))).isZero();

    tasks.stop(task.arn(), null);
    TaskReport report = next();
    while (report.status() != Status.STOPPED) {
      report = next();
    }
    String id = Objects.requireNonNull(report.containers().getFirst().runtimeId());
    assertThat(tasks.needed(List.of(wanted))).isEmpty();
    assertThat(engine.containers().imageIds()).isNotEmpty();
    assertThat(engine.images().held())
        .anySatisfy(image -> assertThat(image.tags()).contains(TestEngine.IMAGE));
    TaskRunner runner = Objects.requireNonNull(tasks.find(task.arn()));
    assertThat(runner.awaitReleased(Duration.ofSeconds(60))).isTrue();
    assertThat(tasks.stopped()).extracting(TidyPlan.Stopped::arn).contains(task.arn());
    // What is known is no orphan, however old.
    assertThat(tasks.removeOrphans(java.time.Instant.MAX)).isZero();
    assertThat(tasks.cleanUp(List.of(task.arn()))).isEqualTo(1);
    assertThat(engine.containers().inspect(id)).isNull();
  }

  @Test
  void keepsSharedVolumesAndThoseOfEachEnvironmentApart() throws Exception {
    String label = "dev.holdfast.shared-volume=" + INSTALLATION;
    try {
      assertThat(run(sharing("early", "", false)).reason()).contains("is not there");
      assertThat(logs(run(sharing("one", "", true)))).isEqualTo("one\n");
      assertThat(logs(run(sharing("prod", "prod", true)))).isEqualTo("prod\n");
      assertThat(logs(run(sharing("two", "", false)))).isEqualTo("one\ntwo\n");
      tasks.cleanUp();
      assertThat(engine.volumes().list(label)).hasSize(2);
    } finally {
      tasks.cleanUp();
      for (String volume : engine.volumes().list(label)) {
        engine.volumes().remove(volume);
      }
    }
  }

  @Test
  void runsATaskWithASecretAndReportsItsExit() throws Exception {
    String secret = ",\"secrets\":[{\"name\":\"DB\",\"valueFrom\":\"/db\",\"provider\":\"ssm\"}]";
    tasks.run(withRole(TaskMachineTest.task(container("app", "busybox env; exit 7", secret))), "i");
    assertThat(next().status()).isEqualTo(Status.RUNNING);
    TaskReport ended = next();
    assertThat(ended.status()).isEqualTo(Status.STOPPED);
    assertThat(ended.containers().getFirst().exitCode()).isEqualTo(7);
    assertThat(logs(ended))
        .contains(
            "DB=s3cr3t-value",
            "AWS_ENDPOINT_URL=http://169.254.170.2",
            "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=/v2/credentials/cred-1");
    try (var files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readString(file, StandardCharsets.UTF_8))
            .doesNotContain("s3cr3t-value", "cred-1");
      }
    }
  }

  @Test
  void givesAContainerItsCredentialsAndMetadataAndNothingUnsignedBeyond() throws Exception {
    String get =
        "get() { busybox printf 'GET '$1' HTTP/1.0\\\\r"
            + "\\\\n"
            + "\\\\r"
            + "\\\\n"
            + "' | busybox nc -w 5 169.254.170.2 80; echo; }; get"
            + " $AWS_CONTAINER_CREDENTIALS_RELATIVE_URI; get /v2/credentials/other; get"
            + " ${ECS_CONTAINER_METADATA_URI_V4#http://169.254.170.2}/task; get /";
    tasks.run(withRole(TaskMachineTest.task(container("app", get, ""))), "i");
    assertThat(next().status()).isEqualTo(Status.RUNNING);
    assertThat(logs(next()))
        .contains(
            "\"AccessKeyId\":\"ASIA\"",
            "InvalidIdInRequest",
            "\"TaskARN\":\"t\"",
            "MissingAuthenticationToken");
  }

  @Test
  void tellsTheContainersOfATaskHowTheyStand() throws Exception {
    String get =
        "get() { busybox printf 'GET '$1' HTTP/1.0\\\\r"
            + "\\\\n"
            + "\\\\r"
            + "\\\\n"
            + "' | busybox nc -w 9 169.254.170.2 80; echo; };"
            + " v3=${ECS_CONTAINER_METADATA_URI#http://169.254.170.2};"
            + " v4=${ECS_CONTAINER_METADATA_URI_V4#http://169.254.170.2}; get $v3; get $v3/task;"
            + " get $v4/taskWithTags; get $v4/stats; get $v4/task/stats";
    String log =
        ",\"dockerConfig\":{\"hostConfig\":\"{\\\"LogConfig\\\":{\\\"Type\\\":\\\"awslogs\\\","
            + "\\\"Config\\\":{\\\"awslogs-group\\\":\\\"/web\\\"}}}\"}";
    tasks.run(withRole(TaskMachineTest.task(container("app", get, log)), "bridge", "web"), "i");
    assertThat(next().status()).isEqualTo(Status.RUNNING);
    List<JsonObject> said =
        Arrays.stream(logs(next()).split("\n"))
            .filter(line -> line.startsWith("{"))
            .map(line -> Json.parseObject(line.strip().getBytes(StandardCharsets.UTF_8)))
            .toList();
    assertThat(said).hasSize(5);
    assertThat(said.get(0).string("LogDriver")).isEqualTo("awslogs");
    assertThat(said.get(0).object("LogOptions").string("awslogs-group")).isEqualTo("/web");
    assertThat(Json.text(said.get(0))).contains("\"NetworkMode\":\"bridge\"");
    assertThat(said.get(1).string("ServiceName")).isEqualTo("web");
    assertThat(said.get(1).get("TaskTags")).isNull();
    assertThat(said.get(2).object("TaskTags").string("team")).isEqualTo("a");
    assertThat(said.get(2).string("TaskARN")).isEqualTo("t");
    JsonObject stats = said.get(3);
    assertThat(stats.object("precpu_stats").integer("system_cpu_usage"))
        .isLessThan(stats.object("cpu_stats").integer("system_cpu_usage"));
    assertThat(stats.string("preread")).isLessThan(stats.string("read")).startsWith("20");
    assertThat(said.get(4).members()).hasSize(1);
    assertThat(said.get(4).members().values().iterator().next())
        .isInstanceOfSatisfying(
            JsonObject.class,
            one -> assertThat(one.object("precpu_stats").integer("online_cpus")).isPositive());
  }

  @Test
  void letsContainersReachEachOtherByNameAndPublishesPorts() throws Exception {
    String ports = ",\"portMappings\":[{\"containerPort\":80,\"hostPort\":0,\"protocol\":\"tcp\"}]";
    String serve = "while true; do busybox echo hello | busybox nc -l -p 80; done";
    // A connection that closes before the answer was written is no answer.
    String ask =
        "until busybox nc -w 1 web 80 </dev/null | busybox grep hello; do :; done; busybox sleep"
            + " 60";
    tasks.run(
        TaskMachineTest.task(container("web", serve, ports) + "," + container("ask", ask, "")),
        "i");
    TaskReport web = next();
    TaskReport running = web.status() == Status.RUNNING ? web : next();
    assertThat(running.status()).isEqualTo(Status.RUNNING);
    var binding =
        web.containers().getFirst().name().equals("web")
            ? web.containers().getFirst().bindings().getFirst()
            : running.containers().getFirst().bindings().getFirst();
    assertThat(binding.hostIp()).isEqualTo("127.0.0.1");
    assertThat(binding.containerPort()).isEqualTo(80);
    TaskRunner runner = Objects.requireNonNull(tasks.find("t"));
    String ask2 = Objects.requireNonNull(runner.state().container("ask").runtimeId());
    try (ContainerLogs logs = engine.containers().logs(ask2, true, java.time.Instant.EPOCH)) {
      var heard = new StringBuilder();
      while (heard.indexOf("hello") < 0) {
        heard.append(Objects.requireNonNull(logs.next()).text());
      }
    }
    // The server in the container is away for a moment after each answer.
    String answer = "";
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (answer.isEmpty() && System.nanoTime() < deadline) {
      try (var socket =
          new java.net.Socket(java.net.InetAddress.getLoopbackAddress(), binding.hostPort())) {
        answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException _) {
        answer = "";
      }
      if (answer.isEmpty()) {
        LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
      }
    }
    assertThat(answer).contains("hello");
  }

  @Test
  void saysWhyATaskDidNotStart() throws Exception {
    tasks.run(
        TaskMachineTest.task(container("app", "true", "").replace("busybox:1", "none:1")), "i");
    assertThat(next().reason()).startsWith("CannotPullContainerError: ");
    tasks.stopAll(Duration.ofSeconds(10));
    tasks.run(
        TaskMachineTest.task(container("app", "true", "").replace("/bin/busybox", "/bin/none")),
        "i");
    assertThat(next().reason()).startsWith("CannotStartContainerError: ");
    tasks.stopAll(Duration.ofSeconds(10));
    String privileged = ",\"dockerConfig\":{\"hostConfig\":\"{\\\"Privileged\\\":true}\"}";
    tasks.run(TaskMachineTest.task(container("app", "true", privileged)), "i");
    assertThat(next().reason())
        .startsWith("CannotCreateContainerError: HostConfigError")
        .contains("privileged");
    tasks.stopAll(Duration.ofSeconds(10));
    String secret = ",\"secrets\":[{\"name\":\"DB\",\"valueFrom\":\"/missing\"}]";
    tasks.run(withRole(TaskMachineTest.task(container("app", "true", secret))), "i");
    assertThat(next().reason())
        .startsWith("ResourceInitializationError: unable to pull secrets")
        .contains("/missing");
  }

  @Test
  void adoptsRunningContainersWhenItComesBack() throws Exception {
    tasks.run(TaskMachineTest.task(container("app", "echo up; busybox sleep 300", "")), "i");
    TaskReport running = next();
    String id = Objects.requireNonNull(running.containers().getFirst().runtimeId());
    // Before its program runs, what a container is told reaches the engine's own.
    try (ContainerLogs logs = engine.containers().logs(id, true, java.time.Instant.EPOCH)) {
      assertThat(Objects.requireNonNull(logs.next()).text()).contains("up");
    }
    tasks.close();
    tasks = tasks();
    tasks.start();
    TaskRunner adopted = Objects.requireNonNull(tasks.find("t"));
    assertThat(adopted.state().container("app").runtimeId()).isEqualTo(id);
    assertThat(engine.containers().list(TaskNetworks.INSTALLATION + "=" + INSTALLATION))
        .containsExactly(id);
    tasks.stop("t", null);
    TaskReport stopped = next();
    assertThat(stopped.status()).isEqualTo(Status.STOPPED);
    assertThat(stopped.containers().getFirst().exitCode()).isEqualTo(137);
  }

  @Test
  void startsNoContainerAgainThatRanWhileItsFileWasNotWritten() throws Exception {
    PayloadTask task = TaskMachineTest.task(container("app", "exit 7", ""));
    TaskReport ended = run(task);
    String id = Objects.requireNonNull(ended.containers().getFirst().runtimeId());
    var ran = Objects.requireNonNull(engine.containers().inspect(id));
    TaskRunner runner = Objects.requireNonNull(tasks.find(task.arn()));
    assertThat(runner.awaitReleased(Duration.ofSeconds(60))).isTrue();
    tasks.close();
    new TaskFiles(folder.resolve("tasks"))
        .save(
            new TaskFiles.Entry(
                task, "i", false, Map.of("app", "m"), false, TaskState.fresh(List.of("app"))));
    tasks = tasks();
    tasks.start();
    TaskReport again = next();
    while (again.status() != Status.STOPPED) {
      again = next();
    }
    assertThat(again.containers().getFirst().exitCode()).isEqualTo(7);
    assertThat(Objects.requireNonNull(engine.containers().inspect(id)).startedAt())
        .isEqualTo(ran.startedAt());
  }

  @Test
  void aTaskThatIsToStopHasNoSessionAnyMore() throws Exception {
    tasks.run(withRole(TaskMachineTest.task(container("app", "busybox sleep 300", ""))), "i");
    assertThat(next().status()).isEqualTo(Status.RUNNING);
    assertThat(credentials.application("t")).isNotNull();
    assertThat(credentials.execution("t")).isNotNull();
    tasks.stop("t", null);
    assertThat(credentials.application("t")).isNull();
    assertThat(credentials.execution("t")).isNull();
    assertThat(next().status()).isEqualTo(Status.STOPPED);
  }

  @Test
  void killsNoForeignContainerAndReportsAnUnknownTaskAsStopped() throws Exception {
    tasks.stop("arn:unknown", "c");
    assertThat(next().status()).isEqualTo(Status.STOPPED);
  }
}
