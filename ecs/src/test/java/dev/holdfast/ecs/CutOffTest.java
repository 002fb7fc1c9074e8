// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.agent.HeartbeatAckRequest;
import dev.holdfast.aws.agent.HeartbeatMessage;
import dev.holdfast.aws.agent.HostInstancesMessage;
import dev.holdfast.aws.agent.IAMRoleCredentialsMessage;
import dev.holdfast.aws.agent.PayloadMessage;
import dev.holdfast.aws.agent.PayloadTask;
import dev.holdfast.aws.agent.TaskIdentity;
import dev.holdfast.aws.agent.TaskManifestMessage;
import dev.holdfast.aws.agent.TaskStopVerificationAck;
import dev.holdfast.aws.agent.TaskStopVerificationMessage;
import dev.holdfast.aws.ecs.CreateServiceResponse;
import dev.holdfast.aws.ecs.DeregisterContainerInstanceResponse;
import dev.holdfast.aws.ecs.DescribeContainerInstancesResponse;
import dev.holdfast.aws.ecs.DescribeTasksResponse;
import dev.holdfast.aws.ecs.RegisterContainerInstanceResponse;
import dev.holdfast.aws.ecs.SubmitTaskStateChangeResponse;
import dev.holdfast.ecs.control.Housekeeping;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.state.Tasks;
import dev.holdfast.http.HttpServer;
import dev.holdfast.service.Principal;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of a service's tasks on a host that is cut off, and of the host when it returns. */
@Timeout(120)
final class CutOffTest {
  private static final Principal AGENT = Fixture.session("AROABOX", "mi-one", Map.of());
  private static final String DEFINITION =
      """
      {"family":"web","executionRoleArn":"%s","containerDefinitions":[{"name":"app",
       "image":"127.0.0.1:4566/shop/web:1","memory":128}]}
      """
          .formatted(Fixture.ROLE);

  private final Fixture f = new Fixture();
  private final OpenDoor door = new OpenDoor(f);
  private HttpServer server;
  private int port;
  private String instance;

  @SuppressWarnings("NullAway.Init")
  CutOffTest() {}

  @BeforeEach
  void serve() throws IOException {
    server = door.serve();
    port = server.address().getPort();
    Scenes.cluster(f);
    Scenes.register(f, DEFINITION);
    door.know("agent", AGENT);
    instance =
        String.valueOf(
            Objects.requireNonNull(
                    f.call(
                            AGENT,
                            "RegisterContainerInstance",
                            "{\"cluster\":\"shop\",\"totalResources\":[{\"name\":\"CPU\",\"type\":"
                                + "\"INTEGER\",\"integerValue\":2048},{\"name\":\"MEMORY\",\"type\":"
                                + "\"INTEGER\",\"integerValue\":8192}]}",
                            RegisterContainerInstanceResponse.class)
                        .containerInstance())
                .containerInstanceArn());
    f.ecs.start();
  }

  @AfterEach
  void close() {
    f.ecs.close();
    server.close();
  }

  private static void await(String what, BooleanSupplier happened) {
    long deadline = System.nanoTime() + 60_000_000_000L;
    while (!happened.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("in vain: " + what);
      }
      LockSupport.parkNanos(100_000_000L);
    }
  }

  private List<Task> tasks(Predicate<Task> which) {
    return f.state.read(view -> view.all(EcsTables.TASKS)).stream().filter(which).toList();
  }

  private boolean away(Task task) {
    return instance.endsWith("/" + task.place().instance());
  }

  private void report(Principal by, String arn, String status) {
    var _ =
        f.call(
            by,
            "SubmitTaskStateChange",
            "{\"cluster\":\"arn:aws:ecs:eu-test-1:123456789012:cluster/shop\",\"task\":\""
                + arn
                + "\",\"status\":\""
                + status
                + "\",\"containers\":[{\"containerName\":\"app\",\"status\":\""
                + status
                + "\"}]}",
            SubmitTaskStateChangeResponse.class);
  }

  private boolean connected() {
    return Boolean.TRUE.equals(
        f.call(
                "DescribeContainerInstances",
                "{\"cluster\":\"shop\",\"containerInstances\":[\"" + instance + "\"]}",
                DescribeContainerInstancesResponse.class)
            .containerInstances()
            .getFirst()
            .agentConnected());
  }

  /** A service of one task, which runs on the host that is going to be cut off. */
  private String service(AgentPeer acs) throws InterruptedException {
    acs.next(TaskManifestMessage.class);
    var _ =
        f.call(
            "CreateService",
            "{\"cluster\":\"shop\",\"serviceName\":\"web\",\"taskDefinition\":\"web\",\"desiredCount\":1}",
            CreateServiceResponse.class);
    PayloadTask started = acs.next(PayloadMessage.class).tasks().getFirst();
    report(AGENT, started.arn(), "RUNNING");
    f.now = f.now.plusSeconds(41);
    return started.arn();
  }

  @Test
  void aSilentHostIsMarkedItsTasksReplacedAndTheOldCopyStopsWhenItReturns() throws Exception {
    String old;
    try (var acs = AgentPeer.commands(port, instance, "agent")) {
      old = service(acs);
      assertThat(connected()).isTrue();
      f.now = f.now.plusSeconds(91); // not a word in that time, though the connection stands
      acs.awaitClosed(Duration.ofSeconds(60));
      await("it is marked", () -> !connected());
    }
    try (var host = AgentPeer.host(port, "host")) {
      await(
          "a replacement",
          () -> {
            f.now = f.now.plusSeconds(1);
            host.say(new HeartbeatAckRequest("m"));
            return tasks(t -> t.wanted() && !away(t)).size() == 1;
          });
      host.next(HostInstancesMessage.class);
      assertThat(tasks(this::away)).as("nothing ends before it is healthy").allMatch(Task::wanted);
      String fresh = tasks(t -> !away(t)).getFirst().key().arn().toString();
      report(Fixture.host(), fresh, "RUNNING");
      f.now = f.now.plusSeconds(41);
      await("the old copy is not wanted", () -> tasks(this::away).stream().noneMatch(Task::wanted));

      try (var acs = AgentPeer.commands(port, instance, "agent")) {
        assertThat(acs.next(TaskManifestMessage.class).tasks())
            .containsExactly(
                new TaskIdentity(
                    old, "arn:aws:ecs:eu-test-1:123456789012:cluster/shop", "STOPPED"));
        assertThat(acs.next(PayloadMessage.class).tasks())
            .singleElement()
            .satisfies(
                task -> {
                  assertThat(task.arn()).isEqualTo(old);
                  assertThat(task.desiredStatus()).isEqualTo("STOPPED");
                });
        report(AGENT, old, "STOPPED");
        assertThat(tasks(Task::live)).singleElement().satisfies(t -> assertThat(away(t)).isFalse());
        assertThat(connected()).isTrue();
      }
    }
  }

  @Test
  void aClockThatLeapsEndsNoStreamAndStopsNoHeart() throws Exception {
    try (var acs = AgentPeer.quiet(port, instance, "agent")) {
      acs.next(HeartbeatMessage.class);
      acs.next(TaskManifestMessage.class);
      f.leap = Duration.ofHours(-1);
      f.now = f.now.plusSeconds(31);
      acs.say(new HeartbeatAckRequest("m"));
      var _ =
          f.call(
              "CreateService",
              "{\"cluster\":\"shop\",\"serviceName\":\"web\",\"taskDefinition\":\"web\",\"desiredCount\":1}",
              CreateServiceResponse.class);
      assertThat(acs.next(HeartbeatMessage.class).messageId()).isNotEmpty();
      String task = acs.next(PayloadMessage.class).tasks().getFirst().arn();

      f.leap = Duration.ofDays(3653);
      acs.say(new HeartbeatAckRequest("m"));
      f.now = f.now.plusSeconds(31);
      report(AGENT, task, "RUNNING");
      assertThat(acs.next(HeartbeatMessage.class).messageId()).isNotEmpty();
      assertThat(connected()).isTrue();
    }
  }

  @Test
  void credentialsThatAWrongClockIssuedAreRenewedOnceItIsMended() throws Exception {
    try (var acs = AgentPeer.commands(port, instance, "agent")) {
      var _ = service(acs);
    }
    await("its stream has ended", () -> !connected());
    f.leap = Duration.ofDays(3653);
    try (var acs = AgentPeer.quiet(port, instance, "agent")) {
      assertThat(acs.next(IAMRoleCredentialsMessage.class).roleCredentials().expiration())
          .startsWith("2036-");
    }
    await("its stream has ended", () -> !connected());
    f.leap = Duration.ZERO;
    try (var acs = AgentPeer.quiet(port, instance, "agent")) {
      assertThat(acs.next(IAMRoleCredentialsMessage.class).roleCredentials().expiration())
          .startsWith("2026-");
    }
  }

  @Test
  void aHostThatReturnsBeforeItsTasksAreReplacedKeepsThem() throws Exception {
    String old;
    try (var acs = AgentPeer.commands(port, instance, "agent")) {
      old = service(acs);
    }
    f.now = f.now.plusSeconds(60);
    try (var acs = AgentPeer.quiet(port, instance, "agent");
        var _ = AgentPeer.host(port, "host")) {
      assertThat(acs.next(TaskManifestMessage.class).tasks())
          .containsExactly(
              new TaskIdentity(old, "arn:aws:ecs:eu-test-1:123456789012:cluster/shop", "RUNNING"));
      await("it is connected", this::connected);
      acs.say(
          new TaskStopVerificationMessage("m", List.of(new TaskIdentity(old, null, "RUNNING"))));
      assertThat(acs.next(TaskStopVerificationAck.class).stopTasks()).isEmpty();
      assertThat(tasks(Task::live)).hasSize(1);
    }
  }

  @Test
  void aHostThatNeverReturnsLeavesNothingBehindOnceItIsTakenOut() throws Exception {
    String old;
    try (var acs = AgentPeer.commands(port, instance, "agent")) {
      old = service(acs);
    }
    var _ =
        f.call(
            "DeregisterContainerInstance",
            "{\"cluster\":\"shop\",\"containerInstance\":\"" + instance + "\",\"force\":true}",
            DeregisterContainerInstanceResponse.class);
    var housekeeping = new Housekeeping(f.state, new Tasks(f.fakeRoles));
    housekeeping.sweep(f.now.plus(Duration.ofMinutes(59)));
    assertThat(tasks(this::away)).allMatch(Task::live);
    housekeeping.sweep(f.now.plus(Duration.ofMinutes(61)));

    var task =
        f.call(
                "DescribeTasks",
                "{\"cluster\":\"shop\",\"tasks\":[\"" + old + "\"]}",
                DescribeTasksResponse.class)
            .tasks()
            .getFirst();
    assertThat(task.lastStatus()).isEqualTo("STOPPED");
    assertThat(task.stoppedReason()).isEqualTo("Container instance deregistered");
  }

  @Test
  void aStoppedTaskIsNotForgottenByAClockThatLeapt() throws Exception {
    String old;
    try (var acs = AgentPeer.commands(port, instance, "agent")) {
      old = service(acs);
      report(AGENT, old, "STOPPED");
    }
    f.ecs.close();
    f.leap = Duration.ofDays(3653);
    var housekeeping = new Housekeeping(f.state, new Tasks(f.fakeRoles));
    housekeeping.sweep(f.deps.settled().instant());
    Predicate<Task> it = task -> task.key().arn().toString().equals(old);
    assertThat(tasks(it)).as("by the time that the controllers are told").hasSize(1);
    f.taken = f.leap;
    housekeeping.sweep(f.deps.settled().instant());
    assertThat(tasks(it)).isEmpty();
  }
}
