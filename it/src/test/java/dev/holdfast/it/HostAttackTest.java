// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.agent.PayloadMessage;
import dev.holdfast.aws.agent.RoleCredentials;
import dev.holdfast.aws.agent.TaskManifestMessage;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Two hosts, each with a task; one of them, and a task, are taken over. Over HTTP with real
 * signatures: nobody gets further than its own tasks, each attempt is an alarm and in the audit.
 */
@Timeout(120)
class HostAttackTest {
  private static final JsonObject EVERYTHING_OF_ECS =
      Json.parseObject(
          "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"ecs:*\",\"Resource\":\"*\"}]}");

  private Harbor harbor;
  private Harbor.User north;
  private Harbor.User south;
  private String northHost;
  private String southHost;

  @SuppressWarnings("NullAway.Init")
  HostAttackTest() {}

  @BeforeEach
  void open() throws IOException {
    harbor = Harbor.open();
    north = agent("north");
    south = agent("south");
    harbor.admin("ecs:CreateCluster", "{\"clusterName\":\"shop\"}");
    role("app", "{\"Service\":\"ecs-tasks.amazonaws.com\"}");
    role("next", "{\"AWS\":\"arn:aws:iam::%s:role/app\"}".formatted(harbor.account()));
    harbor.admin(
        "ecs:RegisterTaskDefinition",
        """
        {"family":"web","taskRoleArn":"arn:aws:iam::%s:role/app","containerDefinitions":[
         {"name":"web","image":"registry.invalid/none:1","memory":64}]}\
        """
            .formatted(harbor.account()));
    northHost = register(north.credentials(), "");
    southHost = register(south.credentials(), "");
  }

  @AfterEach
  void close() throws IOException {
    harbor.close();
  }

  private Harbor.User agent(String name) {
    Harbor.User user = harbor.user(name);
    harbor.policy(user, EVERYTHING_OF_ECS);
    return user;
  }

  /** A role that may do everything of ECS and assume another. */
  private void role(String name, String trusted) {
    String trust =
        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":%s,\"Action\":\"sts:AssumeRole\"}]}"
            .formatted(trusted);
    String policy =
        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":[\"ecs:*\",\"sts:*\"],\"Resource\":\"*\"}]}";
    harbor.admin(
        "iam:CreateRole",
        Json.text(JsonObject.EMPTY.with("RoleName", name).with("AssumeRolePolicyDocument", trust)));
    harbor.admin(
        "iam:PutRolePolicy",
        Json.text(
            JsonObject.EMPTY
                .with("RoleName", name)
                .with("PolicyName", "only")
                .with("PolicyDocument", policy)));
  }

  private String register(Credentials by, String arn) {
    JsonObject answer =
        harbor.call(
            by,
            "us-east-1",
            "ecs:RegisterContainerInstance",
            """
            {"cluster":"shop","containerInstanceArn":"%s","totalResources":[
             {"name":"CPU","type":"INTEGER","integerValue":2048},
             {"name":"MEMORY","type":"INTEGER","integerValue":4096}]}\
            """
                .formatted(arn));
    return Harbor.text(answer.object("containerInstance"), "containerInstanceArn");
  }

  private URI url() {
    return harbor.platform().url();
  }

  private static String commands(String instance) {
    return "/acs/ws?agentVersion=1.0.0&sendCredentials=true&containerInstanceArn="
        + URLEncoder.encode(instance, StandardCharsets.UTF_8);
  }

  private static String telemetry(String instance) {
    return "/tacs/ws?containerInstance=" + URLEncoder.encode(instance, StandardCharsets.UTF_8);
  }

  private void run() {
    JsonObject answer =
        harbor.admin("ecs:RunTask", "{\"cluster\":\"shop\",\"taskDefinition\":\"web\"}");
    assertThat(answer.array("tasks")).as(Json.text(answer)).hasSize(1);
  }

  private String refusal(Credentials by, String operation, String json) {
    return harbor
        .attempt(by, harbor.operation(operation).orElseThrow(), Json.parseObject(json))
        .map(ApiError::code)
        .orElse("");
  }

  private static Credentials session(PayloadMessage payload) {
    RoleCredentials role =
        Objects.requireNonNull(payload.tasks().getFirst().roleCredentials(), "no role");
    return new Credentials(role.accessKeyId(), role.secretAccessKey(), role.sessionToken());
  }

  private String identity(Credentials by) {
    return refusal(by, "sts:GetCallerIdentity", "{}");
  }

  /** Events of reads and refusals are written within a moment. */
  private String audited(String event, String text) {
    long deadline = System.nanoTime() + 10_000_000_000L;
    String events = "";
    while (System.nanoTime() < deadline) {
      events =
          Json.text(
              harbor.admin(
                  "cloudtrail:LookupEvents",
                  "{\"LookupAttributes\":[{\"AttributeKey\":\"EventName\",\"AttributeValue\":\"%s\"}]}"
                      .formatted(event)));
      if (events.contains(text)) {
        return events;
      }
      LockSupport.parkNanos(20_000_000);
    }
    return events;
  }

  /** A refusal of north's is in the trail. */
  private void refusedOnRecord(String event) {
    assertThat(audited(event, "AccessDeniedException"))
        .as(event)
        .contains("AccessDeniedException", "user/north");
  }

  private JsonObject described(String task) {
    return (JsonObject)
        harbor
            .admin("ecs:DescribeTasks", "{\"cluster\":\"shop\",\"tasks\":[\"%s\"]}".formatted(task))
            .array("tasks")
            .getFirst();
  }

  private static String report(String task, String status) {
    return "{\"cluster\":\"shop\",\"task\":\"%s\",\"status\":\"%s\"}".formatted(task, status);
  }

  private static String detached(String attachment) {
    return "{\"cluster\":\"shop\",\"attachments\":[{\"attachmentArn\":\"%s\",\"status\":\"DETACHED\"}]}"
        .formatted(attachment);
  }

  @Test
  void aStolenHostGetsNoFurtherThanItsOwnTasks() throws Exception {
    try (var own = SignedStream.open(url(), commands(northHost), north.credentials())) {
      own.next(TaskManifestMessage.class);
      run();
      String mine = own.next(PayloadMessage.class).tasks().getFirst().arn();
      try (var other = SignedStream.open(url(), commands(southHost), south.credentials())) {
        other.next(TaskManifestMessage.class);
        run();
        PayloadMessage payload = other.next(PayloadMessage.class);
        String theirs = payload.tasks().getFirst().arn();

        // The thief of north's identity asks for what is south's.
        for (String target : List.of(commands(southHost), telemetry(southHost), "/acs/host")) {
          assertThat(SignedStream.status(url(), target, north.credentials()))
              .as(target)
              .isBetween(400, 403);
        }
        assertThat(SignedStream.status(url(), commands(northHost), north.credentials()))
            .as("a second stream")
            .isBetween(400, 403);
        assertThat(
                refusal(
                    north.credentials(), "ecs:SubmitTaskStateChange", report(theirs, "STOPPED")))
            .isEqualTo("AccessDeniedException");
        assertThat(
                refusal(
                    north.credentials(),
                    "ecs:RegisterContainerInstance",
                    "{\"cluster\":\"shop\",\"containerInstanceArn\":\"%s\"}".formatted(southHost)))
            .isEqualTo("AccessDeniedException");
        JsonObject before = described(theirs);
        assertThat(
                refusal(
                    north.credentials(),
                    "ecs:SubmitContainerStateChange",
                    report(theirs, "STOPPED")
                        .replace("}", ",\"containerName\":\"web\",\"exitCode\":1}")))
            .isEqualTo("AccessDeniedException");
        assertThat(
                refusal(north.credentials(), "ecs:SubmitAttachmentStateChanges", detached(theirs)))
            .isEqualTo("AccessDeniedException");
        assertThat(described(theirs)).isEqualTo(before);
        assertThat(own.everything()).doesNotContain(theirs, session(payload).accessKeyId());
        assertThat(own.isOpen()).isTrue();
        assertThat(other.isOpen()).isTrue();

        assertThat(harbor.platform().alarms())
            .hasSize(6)
            .allSatisfy(a -> assertThat(a).contains("user/north"))
            .anySatisfy(a -> assertThat(a).contains("the stream /acs/ws of " + southHost))
            .anySatisfy(a -> assertThat(a).contains("the stream /tacs/ws of " + southHost))
            .anySatisfy(a -> assertThat(a).contains("the stream /acs/host "))
            .anySatisfy(a -> assertThat(a).contains("a second stream of " + northHost))
            .anySatisfy(a -> assertThat(a).contains("a report on " + theirs, "3 times"))
            .anySatisfy(a -> assertThat(a).contains(southHost).doesNotContain("stream"));
        String twice = "this stream is open already";
        assertThat(audited("Poll", twice)).contains(twice);
        for (String event :
            List.of(
                "SubmitTaskStateChange",
                "SubmitContainerStateChange",
                "SubmitAttachmentStateChanges",
                "Poll")) {
          refusedOnRecord(event);
        }
        refusedOnRecord("RegisterContainerInstance");
        refusedOnRecord("StartTelemetrySession");
        assertThat(audited("SubmitTaskStateChange", theirs)).contains(theirs);
        assertThat(audited("Poll", "own hosts alone")).as("/acs/host").contains("own hosts alone");

        // What is its own, it may.
        assertThat(
                refusal(north.credentials(), "ecs:SubmitTaskStateChange", report(mine, "RUNNING")))
            .isEmpty();
        assertThat(
                refusal(
                    south.credentials(), "ecs:SubmitTaskStateChange", report(theirs, "RUNNING")))
            .isEmpty();
        assertThat(refusal(north.credentials(), "ecs:SubmitAttachmentStateChanges", detached(mine)))
            .isEmpty();
        assertThat(register(south.credentials(), southHost)).isEqualTo(southHost);
        assertThat(SignedStream.status(url(), telemetry(northHost), north.credentials()))
            .isEqualTo(101);
        assertThat(harbor.platform().alarms()).hasSize(6);
      }
    }
  }

  @Test
  void aStreamEndsWhenItsKeyIsTakenAway() throws Exception {
    try (var stolen = SignedStream.open(url(), commands(northHost), north.credentials());
        var honest = SignedStream.open(url(), commands(southHost), south.credentials())) {
      stolen.next(TaskManifestMessage.class);
      honest.next(TaskManifestMessage.class);
      harbor.admin(
          "iam:DeleteAccessKey",
          "{\"UserName\":\"north\",\"AccessKeyId\":\"%s\"}"
              .formatted(north.credentials().accessKeyId()));
      // Whatever is placed on that host before the stream is seen to end is not told there.
      run();
      run();
      assertThat(stolen.awaitEnd()).isTrue();
      assertThat(stolen.everything()).doesNotContain("PayloadMessage");
      assertThat(honest.next(PayloadMessage.class).tasks()).isNotEmpty();
      assertThat(honest.isOpen()).isTrue();
      assertThat(SignedStream.status(url(), commands(northHost), north.credentials()))
          .isBetween(400, 403);
    }
  }

  @Test
  void aTaskIsNoAgentWithItsRoleNorWithOneThatItAssumes() throws Exception {
    try (var own = SignedStream.open(url(), commands(northHost), north.credentials())) {
      own.next(TaskManifestMessage.class);
      run();
      PayloadMessage payload = own.next(PayloadMessage.class);
      String arn = payload.tasks().getFirst().arn();
      Credentials task = session(payload);
      assertThat(identity(task)).isEmpty();
      assertThat(refusal(task, "ecs:ListTasks", "{\"cluster\":\"shop\"}")).isEmpty();
      JsonObject assumed =
          harbor
              .call(
                  task,
                  "us-east-1",
                  "sts:AssumeRole",
                  "{\"RoleArn\":\"arn:aws:iam::%s:role/next\",\"RoleSessionName\":\"deeper\"}"
                      .formatted(harbor.account()))
              .object("Credentials");
      var deeper =
          new Credentials(
              Harbor.text(assumed, "AccessKeyId"),
              Harbor.text(assumed, "SecretAccessKey"),
              assumed.string("SessionToken"));
      assertThat(refusal(deeper, "ecs:ListTasks", "{\"cluster\":\"shop\"}")).isEmpty();

      for (Credentials who : List.of(task, deeper)) {
        assertThat(refusal(who, "ecs:SubmitTaskStateChange", report(arn, "STOPPED")))
            .isEqualTo("AccessDeniedException");
        for (String operation :
            List.of(
                "ecs:RegisterContainerInstance",
                "ecs:DiscoverPollEndpoint",
                "ecs:SubmitContainerStateChange")) {
          assertThat(refusal(who, operation, "{\"cluster\":\"shop\"}"))
              .as(operation)
              .isEqualTo("AccessDeniedException");
        }
        for (String target :
            List.of(commands(northHost), commands(southHost), telemetry(northHost), "/acs/host")) {
          assertThat(SignedStream.status(url(), target, who)).as(target).isBetween(400, 403);
        }
      }
      assertThat(harbor.platform().alarms())
          .anySatisfy(a -> assertThat(a).contains("SubmitTaskStateChange", arn))
          .anySatisfy(a -> assertThat(a).contains("Poll", arn, "assumed-role/next/deeper"))
          .allSatisfy(a -> assertThat(a).contains("with the session of the task " + arn));
      assertThat(audited("RegisterContainerInstance", "a task's session may not call"))
          .contains("AccessDeniedException");
    }
  }

  @Test
  void stopTaskEndsTheSessionsOfThatTaskAtOnce() throws Exception {
    try (var own = SignedStream.open(url(), commands(northHost), north.credentials())) {
      own.next(TaskManifestMessage.class);
      run();
      PayloadMessage first = own.next(PayloadMessage.class);
      run();
      PayloadMessage second = own.next(PayloadMessage.class);
      Credentials stopped = session(first);
      Credentials other = session(second);
      assertThat(identity(stopped)).isEmpty();

      harbor.admin(
          "ecs:StopTask",
          "{\"cluster\":\"shop\",\"task\":\"%s\"}".formatted(first.tasks().getFirst().arn()));

      // Nothing was reported: as far as anybody knows its containers still run.
      assertThat(identity(stopped)).isEqualTo("ExpiredToken");
      assertThat(identity(other)).isEmpty();
    }
    // And an agent that comes back gets no fresh ones.
    try (var again = SignedStream.open(url(), commands(northHost), north.credentials())) {
      again.next(TaskManifestMessage.class);
      PayloadMessage stop = again.next(PayloadMessage.class);
      while (!stop.tasks().getFirst().desiredStatus().equals("STOPPED")) {
        stop = again.next(PayloadMessage.class);
      }
      assertThat(stop.tasks().getFirst().roleCredentials()).isNull();
      assertThat(again.everything().lines().filter(line -> line.contains("IAMRoleCredentials")))
          .noneMatch(line -> line.contains(firstArn(again)));
    }
  }

  private static String firstArn(SignedStream stream) {
    return stream
        .everything()
        .lines()
        .filter(line -> line.contains("\"STOPPED\"") && line.contains("PayloadMessage"))
        .findFirst()
        .map(line -> line.replaceAll(".*\"arn\":\"([^\"]*)\".*", "$1"))
        .orElseThrow();
  }
}
