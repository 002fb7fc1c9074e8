// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.aws.agent.AckPublishHealth;
import dev.holdfast.aws.agent.HeartbeatMessage;
import dev.holdfast.aws.agent.HostInstancesMessage;
import dev.holdfast.aws.agent.IAMRoleCredentialsMessage;
import dev.holdfast.aws.agent.PayloadMessage;
import dev.holdfast.aws.agent.TaskManifestMessage;
import dev.holdfast.aws.ecs.RegisterContainerInstanceResponse;
import dev.holdfast.aws.ecs.StopTaskResponse;
import dev.holdfast.aws.ecs.SubmitTaskStateChangeResponse;
import dev.holdfast.ecs.model.ContainerInstance;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.http.HttpServer;
import dev.holdfast.service.AuditEvent;
import dev.holdfast.service.Principal;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Streams are the right agent's alone, for as long as it is that; a stopped task has no session.
 */
@Timeout(60)
final class ImpostorStreamTest {
  private static final String DEV = ",\"tags\":[{\"key\":\"environment\",\"value\":\"dev\"}]";
  private static final String TASK = "arn:aws:ecs:eu-test-1:123456789012:task/shop/abc";

  private final Fixture f = new Fixture();
  private final OpenDoor door = new OpenDoor(f);
  private HttpServer server;
  private int port;

  @SuppressWarnings("NullAway.Init")
  ImpostorStreamTest() {}

  @BeforeEach
  void serve() throws IOException {
    server = door.serve();
    port = server.address().getPort();
    f.ecs.start();
    Scenes.shop(f);
    door.know("one", Fixture.session("AROABOX", "mi-one", Map.of()));
    door.know("two", Fixture.session("AROABOX", "mi-two", Map.of()));
    door.know("task", Fixture.session("AROABOX", "abc", Map.of("holdfast:task", TASK)));
  }

  @AfterEach
  void close() {
    f.ecs.close();
    server.close();
  }

  private String register(Principal by) {
    var instance =
        f.call(
                by,
                "RegisterContainerInstance",
                "{\"cluster\":\"shop\"}",
                RegisterContainerInstanceResponse.class)
            .containerInstance();
    return String.valueOf(Objects.requireNonNull(instance).containerInstanceArn());
  }

  private String errors() {
    return f.audited.stream().map(AuditEvent::document).toList().toString();
  }

  private long refusals() {
    return f.audited.stream()
        .filter(e -> "AccessDeniedException".equals(e.document().string("errorCode")))
        .count();
  }

  @Test
  void aSecondStreamIsRefusedAlarmedAndAuditedAndTheFirstGoesOn() throws Exception {
    String arn = register(Fixture.session("AROABOX", "mi-one", Map.of()));
    try (var first = AgentPeer.commands(port, arn, "one")) {
      first.next(TaskManifestMessage.class);
      assertThatThrownBy(() -> AgentPeer.commands(port, arn, "one")).isNotNull();

      assertThat(f.ecs.alarms())
          .singleElement()
          .asString()
          .contains("assumed-role/box/mi-one", "a second stream of " + arn);
      assertThat(refusals()).as(errors()).isEqualTo(1);
      assertThat(f.ecs.connections().connected(arn)).isTrue();
    }
  }

  @Test
  void anAgentThatComesBackAtOnceRaisesNoAlarm() throws Exception {
    String arn = register(Fixture.session("AROABOX", "mi-one", Map.of()));
    for (int i = 0; i < 5; i++) {
      try (var stream = AgentPeer.commands(port, arn, "one")) {
        stream.next(TaskManifestMessage.class);
      }
    }
    assertThat(f.ecs.alarms()).isEmpty();
  }

  @Test
  void aStreamOfAnotherInstanceIsRefusedAlarmedAndAudited() throws Exception {
    String arn = register(Fixture.session("AROABOX", "mi-one", Map.of()));
    for (String who : List.of("two", "user", "host", "task")) {
      assertThatThrownBy(() -> AgentPeer.commands(port, arn, who)).isNotNull();
      assertThatThrownBy(() -> AgentPeer.telemetry(port, arn, who)).isNotNull();
    }
    assertThatThrownBy(() -> AgentPeer.host(port, "one")).isNotNull();

    assertThat(f.ecs.alarms()).hasSize(9);
    assertThat(refusals()).as(errors()).isEqualTo(9);
    try (var own = AgentPeer.commands(port, arn, "one");
        var telemetry = AgentPeer.telemetry(port, arn, "one")) {
      own.next(TaskManifestMessage.class);
      telemetry.next(HeartbeatMessage.class);
    }
    assertThat(f.ecs.alarms()).hasSize(9);
  }

  @Test
  void anAgentOfAForgottenInstanceIsToldSoAndRaisesNoAlarm() {
    String arn = register(Fixture.session("AROABOX", "mi-one", Map.of()));
    f.state.own(
        tx -> {
          ContainerInstance row = tx.all(EcsTables.INSTANCES).getFirst();
          tx.delete(EcsTables.INSTANCES, row.key().account(), row.key());
          return row;
        });
    assertThatThrownBy(() -> AgentPeer.commands(port, arn, "one")).isNotNull();
    assertThatThrownBy(() -> AgentPeer.telemetry(port, arn, "one")).isNotNull();

    assertThat(f.audited.stream().map(e -> String.valueOf(e.document().string("errorCode"))))
        .as(errors())
        .filteredOn(code -> code.equals("InactiveInstanceException"))
        .hasSize(2);
    assertThat(f.ecs.alarms()).isEmpty();
  }

  @Test
  void telemetryStreamsOfOneInstanceAreFew() throws Exception {
    String arn = register(Fixture.session("AROABOX", "mi-one", Map.of()));
    try (var one = AgentPeer.telemetry(port, arn, "one");
        var two = AgentPeer.telemetry(port, arn, "one");
        var three = AgentPeer.telemetry(port, arn, "one");
        var four = AgentPeer.telemetry(port, arn, "one")) {
      for (var peer : List.of(one, two, three, four)) {
        peer.next(HeartbeatMessage.class);
      }
      try (var five = AgentPeer.telemetry(port, arn, "one")) {
        five.awaitClosed();
      }
      one.say("Host: x\r\n\r\n{\"type\":\"PublishHealthRequest\",\"message\":{\"tasks\":[]}}");
      one.next(AckPublishHealth.class);
    }
    assertThat(f.ecs.alarms()).singleElement().asString().contains("/telemetry");
  }

  @Test
  void aStreamEndsWithTheRightOfItsAgent() throws Exception {
    String arn = register(Fixture.session("AROABOX", "mi-one", Map.of()));
    String other = register(Fixture.session("AROABOX", "mi-two", Map.of()));
    try (var stolen = AgentPeer.commands(port, arn, "one");
        var honest = AgentPeer.commands(port, other, "two")) {
      stolen.next(TaskManifestMessage.class);
      honest.next(TaskManifestMessage.class);

      door.gone.add("one");
      // Whatever changes wakes the streams; without a change the next heartbeat does.
      f.connect();
      var _ = Scenes.run(f, DEV);
      wake(arn);

      stolen.awaitClosed();
      assertThatThrownBy(() -> honest.awaitClosed(Duration.ofMillis(200)))
          .isInstanceOf(AssertionError.class);
    }
  }

  /** Any change of a task wakes the streams of its instance. */
  private void wake(String instance) {
    f.state.own(
        tx -> {
          Task task = tx.all(EcsTables.TASKS).getFirst();
          var moved =
              new Task(
                  task.key(),
                  task.launch(),
                  new Task.Placement(instance.substring(instance.lastIndexOf('/') + 1), "x"),
                  task.environment(),
                  task.secrets(),
                  task.credentials(),
                  task.status(),
                  task.containers(),
                  task.verdicts());
          tx.put(EcsTables.TASKS, task.key().account(), task.key(), moved);
          return moved;
        });
  }

  private void submit(String arn, String status) {
    var _ =
        f.call(
            Fixture.host(),
            "SubmitTaskStateChange",
            "{\"cluster\":\"arn:aws:ecs:eu-test-1:123456789012:cluster/shop\",\"task\":\""
                + arn
                + "\",\"status\":\""
                + status
                + "\"}",
            SubmitTaskStateChangeResponse.class);
  }

  private Task task() {
    return f.state.read(view -> view.all(EcsTables.TASKS).getFirst());
  }

  private void stop(String arn) {
    var _ =
        f.call(
            "StopTask", "{\"cluster\":\"shop\",\"task\":\"" + arn + "\"}", StopTaskResponse.class);
  }

  private void awaitEnd(String instance) {
    long deadline = System.nanoTime() + 10_000_000_000L;
    while (f.ecs.connections().connected(instance)) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  private static String instance(AgentPeer host) throws InterruptedException {
    var message = host.next(HostInstancesMessage.class);
    while (message.instances().isEmpty()) {
      message = host.next(HostInstancesMessage.class);
    }
    return message.instances().getFirst().containerInstanceArn();
  }

  @Test
  void stoppingATaskEndsItsSessionsInThatVeryCommit() throws Exception {
    try (var host = AgentPeer.host(port, "host")) {
      host.next(HeartbeatMessage.class);
      String arn = String.valueOf(Scenes.task(Scenes.run(f, DEV)).taskArn());
      try (var acs = AgentPeer.commands(port, instance(host), "host")) {
        acs.next(PayloadMessage.class);
        submit(arn, "RUNNING");
        assertThat(task().credentials().sessions()).isNotEmpty();
        assertThat(f.ended).isEmpty();

        stop(arn);

        // The agent has not said a word yet.
        assertThat(task().live()).isTrue();
        assertThat(task().credentials().sessions()).isEmpty();
        assertThat(Set.copyOf(f.ended)).hasSameSizeAs(f.opened);
      }
    }
  }

  @Test
  void anAgentThatComesBackGetsNoSessionsOfATaskThatIsToStop() throws Exception {
    try (var host = AgentPeer.host(port, "host")) {
      host.next(HeartbeatMessage.class);
      String arn = String.valueOf(Scenes.task(Scenes.run(f, DEV)).taskArn());
      String instance = instance(host);
      try (var acs = AgentPeer.commands(port, instance, "host")) {
        acs.next(PayloadMessage.class);
        submit(arn, "RUNNING");
      }
      try (var again = AgentPeer.commands(port, instance, "host")) {
        again.next(IAMRoleCredentialsMessage.class);
      }
      stop(arn);
      int opened = f.opened.size();
      try (var late = AgentPeer.commands(port, instance, "host")) {
        assertThat(late.next(PayloadMessage.class).tasks().getFirst().desiredStatus())
            .isEqualTo("STOPPED");
        assertThat(f.opened).hasSize(opened);
      }
      assertThat(Set.copyOf(f.ended)).hasSize(opened);
    }
  }

  @Test
  void sessionsThatWereRenewedEndWithTheTaskToo() throws Exception {
    try (var host = AgentPeer.host(port, "host")) {
      host.next(HeartbeatMessage.class);
      String arn = String.valueOf(Scenes.task(Scenes.run(f, DEV)).taskArn());
      String instance = instance(host);
      try (var acs = AgentPeer.commands(port, instance, "host")) {
        acs.next(PayloadMessage.class);
        submit(arn, "RUNNING");
      }
      awaitEnd(instance); // else that stream might renew them, and tell nobody
      // Twenty minutes before their end they are renewed, and still good.
      f.now = f.now.plus(Duration.ofHours(5)).plus(Duration.ofMinutes(40));
      try (var acs = AgentPeer.quiet(port, instance, "host")) {
        acs.next(IAMRoleCredentialsMessage.class);
        assertThat(f.opened).hasSize(2);
        stop(arn);
      }
      assertThat(Set.copyOf(f.ended)).containsExactlyInAnyOrder("session-1", "session-2");
    }
  }

  @Test
  void anAgentThatAsksForEverMoreSessionsLosesTheOldest() throws Exception {
    try (var host = AgentPeer.host(port, "host")) {
      host.next(HeartbeatMessage.class);
      String arn = String.valueOf(Scenes.task(Scenes.run(f, DEV)).taskArn());
      String instance = instance(host);
      try (var acs = AgentPeer.commands(port, instance, "host")) {
        acs.next(PayloadMessage.class);
        submit(arn, "RUNNING");
      }
      for (int i = 0; i < 20; i++) {
        try (var acs = AgentPeer.commands(port, instance, "host")) {
          acs.next(IAMRoleCredentialsMessage.class);
        }
      }
      assertThat(task().credentials().sessions()).hasSize(16);
      assertThat(Set.copyOf(f.ended)).hasSize(f.opened.size() - 16).contains("session-1");
      stop(arn);
      assertThat(Set.copyOf(f.ended)).hasSameSizeAs(f.opened);
    }
  }
}
