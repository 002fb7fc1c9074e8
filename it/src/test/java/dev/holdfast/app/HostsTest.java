// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.app.hosts.HostDesk;
import dev.holdfast.app.hosts.HostRefusal;
import dev.holdfast.app.tls.Authority;
import dev.holdfast.app.tls.HostKey;
import dev.holdfast.app.tls.OutwardDoors;
import dev.holdfast.app.tls.Pem;
import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.agent.HostInstancesMessage;
import dev.holdfast.aws.agent.PayloadMessage;
import dev.holdfast.aws.agent.RoleCredentials;
import dev.holdfast.aws.client.AwsClient;
import dev.holdfast.aws.ecs.ContainerDefinition;
import dev.holdfast.aws.ecs.CreateClusterRequest;
import dev.holdfast.aws.ecs.DeleteClusterRequest;
import dev.holdfast.aws.ecs.DescribeContainerInstancesRequest;
import dev.holdfast.aws.ecs.DescribeTasksRequest;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.ecs.ListContainerInstancesRequest;
import dev.holdfast.aws.ecs.RegisterTaskDefinitionRequest;
import dev.holdfast.aws.ecs.RunTaskRequest;
import dev.holdfast.aws.ecs.SubmitTaskStateChangeRequest;
import dev.holdfast.aws.ecs.Task;
import dev.holdfast.aws.iam.CreateRoleRequest;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.aws.sts.GetCallerIdentityRequest;
import dev.holdfast.aws.sts.StsModel;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.service.State;
import dev.holdfast.store.Database;
import dev.holdfast.store.memory.MemoryStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Other machines over real TLS: who joins, who does not, and what a host may do. */
@Timeout(300)
class HostsTest {
  private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
  private final InstantSource clock = () -> Instant.now().plus(ahead.get());
  private final HttpClient http = HttpClient.newHttpClient();
  private TestPlatform platform;
  private HostDesk desk;

  @SuppressWarnings("NullAway.Init")
  HostsTest() {}

  @BeforeEach
  void open() throws IOException {
    var loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    platform = TestPlatform.start(clock, new OutwardDoors.Wanted(List.of(loopback), List.of()));
    desk = platform.parts().hostDesk();
  }

  @AfterEach
  void close() throws IOException {
    http.shutdownNow();
    platform.close();
  }

  private static String code(JsonObject invited) {
    return String.valueOf(invited.string("code"));
  }

  private JoiningHost joined(String name) throws Exception {
    JsonObject invited = desk.invite(name);
    var host = new JoiningHost(invited, clock);
    JoiningHost.Answer answer = host.join(code(invited));
    assertThat(answer.status()).as(answer.text("message")).isEqualTo(200);
    return host;
  }

  private Credentials session(JoiningHost host) throws Exception {
    JoiningHost.Answer answer = host.session();
    assertThat(answer.status()).as(answer.text("message")).isEqualTo(200);
    return JoiningHost.credentials(answer);
  }

  /** Waits for what comes by itself. */
  private static void until(String what, BooleanSupplier holds) throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    var never = new java.util.concurrent.CountDownLatch(1);
    while (!holds.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(deadline);
      boolean _ = never.await(20, java.util.concurrent.TimeUnit.MILLISECONDS);
    }
  }

  private void alarmed(String words) {
    assertThat(platform.alarms()).anyMatch(alarm -> alarm.contains(words));
  }

  @Test
  void aCodeIsGoodOnceAndForItsOwnName() throws Exception {
    JsonObject invited = desk.invite("north");
    var host = new JoiningHost(invited, clock);
    JoiningHost.Answer answer = host.join(code(invited));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text("name")).isEqualTo("north");
    assertThat(answer.text("registry")).isEqualTo(platform.url().getAuthority());
    var again = new JoiningHost(invited, clock).join(code(invited));
    assertThat(again.status()).isEqualTo(403);
    assertThat(again.text("message")).contains("the join code is not good");
    alarmed("joining as a host");
    assertThatThrownBy(() -> desk.invite("north"))
        .isInstanceOf(HostRefusal.class)
        .hasMessageContaining("there already");
    assertThat(desk.list().items()).hasSize(1);
  }

  @Test
  void aHostThatIsKeptToOneClusterIsItsInstanceAtOnceAndNobodyElses() throws Exception {
    AwsClient aws = client(platform.account().administrator());
    var arns = new HashMap<String, String>();
    for (String cluster : List.of("shop", "other")) {
      var made =
          aws.call(
              EcsModel.CREATE_CLUSTER, CreateClusterRequest.builder().clusterName(cluster).build());
      arns.put(
          cluster, Objects.requireNonNull(Objects.requireNonNull(made.cluster()).clusterArn()));
    }
    String shop = Objects.requireNonNull(arns.get("shop"));
    assertThatThrownBy(() -> desk.invite("north", "none", Map.of()))
        .isInstanceOf(HostRefusal.class)
        .hasMessageContaining("there is no cluster none");
    assertThatThrownBy(() -> desk.invite("north", shop, Map.of("ecs.os-type", "x")))
        .isInstanceOf(HostRefusal.class)
        .hasMessageContaining("its agent's own");
    JsonObject invited = desk.invite("north", shop, Map.of("rack", "r1"));
    var host = new JoiningHost(invited, clock);
    assertThat(host.join(code(invited)).status()).isEqualTo(200);
    List<String> instances = instances(aws, "shop");
    assertThat(instances).hasSize(1);
    assertThat(instances(aws, "other")).isEmpty();
    var described =
        aws.call(
                EcsModel.DESCRIBE_CONTAINER_INSTANCES,
                DescribeContainerInstancesRequest.builder()
                    .cluster("shop")
                    .containerInstances(instances)
                    .build())
            .containerInstances()
            .getFirst();
    assertThat(described.attributes())
        .anyMatch(a -> a.name().equals("rack") && "r1".equals(a.value()));
    assertThat(described.agentConnected()).isFalse();
    assertThat(desk.list().items().getFirst().toString()).contains("cluster/shop");

    JsonObject late = desk.invite("south", shop, Map.of());
    var _ =
        aws.call(EcsModel.DELETE_CLUSTER, DeleteClusterRequest.builder().cluster("shop").build());
    var answer = new JoiningHost(late, clock).join(code(late));
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.text("message")).contains("is not there any more");
  }

  private static List<String> instances(AwsClient aws, String cluster) throws Exception {
    return aws.call(
            EcsModel.LIST_CONTAINER_INSTANCES,
            ListContainerInstancesRequest.builder().cluster(cluster).build())
        .containerInstanceArns();
  }

  @Test
  void aCodeIsGoodForAnHour() throws Exception {
    JsonObject invited = desk.invite("north");
    ahead.set(Duration.ofMinutes(61));
    assertThat(new JoiningHost(invited, clock).join(code(invited)).status()).isEqualTo(403);
  }

  @Test
  void anotherInvitationOfANameEndsTheFirst() throws Exception {
    JsonObject first = desk.invite("north");
    JsonObject second = desk.invite("north");
    assertThat(new JoiningHost(first, clock).join(code(first)).status()).isEqualTo(403);
    assertThat(new JoiningHost(second, clock).join(code(second)).status()).isEqualTo(200);
  }

  @Test
  void noCodeIsGoodThatWasNotGiven() throws Exception {
    JsonObject invited = desk.invite("north");
    String right = code(invited);
    String other = right.substring(0, right.length() - 1) + (right.endsWith("0") ? "1" : "0");
    for (String wrong : List.of("", "x", other, right.substring(11), right + "0")) {
      assertThat(new JoiningHost(invited, clock).join(wrong).status()).as(wrong).isEqualTo(403);
    }
    assertThat(new JoiningHost(invited, clock).join(right).status()).isEqualTo(200);
  }

  @Test
  void whoGuessesIsToldToWait() throws Exception {
    JsonObject invited = desk.invite("north");
    var host = new JoiningHost(invited, clock);
    for (int i = 0; i < 10; i++) {
      assertThat(host.join("guess").status()).isEqualTo(403);
    }
    assertThat(host.join("guess").status()).isEqualTo(429);
  }

  /** Strangers spent what all may try together, and nobody could join any more. */
  @Test
  void noStrangersKeepSomebodyWithACodeOut() throws Exception {
    JsonObject invited = desk.invite("north");
    var host = new JoiningHost(invited, clock);
    boolean spent = false;
    for (int i = 1; i <= 200 && !spent; i++) {
      List<Integer> statuses = new JoiningHost(invited, clock).guesses("127.0.0." + i, 10);
      assertThat(statuses).allMatch(status -> status == 403 || status == 429);
      spent = statuses.getFirst() == 429; // to an address that had tried nothing yet
    }
    assertThat(spent).isTrue();
    assertThat(host.join(code(invited)).status()).isEqualTo(200);
  }

  @Test
  void nothingIsSentToAnotherAuthority() throws Exception {
    JsonObject invited = desk.invite("north");
    var host = new JoiningHost(invited, "ab".repeat(32), clock);
    assertThatThrownBy(() -> host.join(code(invited)))
        .isInstanceOf(SSLException.class)
        .hasMessageContaining("another fingerprint");
    // the code was not used
    assertThat(new JoiningHost(invited, clock).join(code(invited)).status()).isEqualTo(200);
  }

  @Test
  void nothingOfThisIsServedOverPlainHttp() throws Exception {
    var response =
        http.send(
            HttpRequest.newBuilder(URI.create(platform.url() + "/_holdfast/hosts/join"))
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).isEqualTo(404);
  }

  @Test
  void aForeignCertificateEndsTheHandshake() throws Exception {
    JoiningHost host = joined("north");
    var random = new SecureRandom();
    var elsewhere =
        Authority.open(
            new State(new Database(new MemoryStore())),
            platform.parts().installation().id(), // the same name, another key
            random,
            Instant.now());
    String id = String.valueOf(host.session().text("host"));
    host.show(elsewhere.host(host.pair().getPublic(), id, Instant.now()));
    assertThatThrownBy(host::session).isInstanceOf(IOException.class);
    until("the alarm", () -> !platform.alarms().isEmpty());
    alarmed("a certificate that is not of this installation");
  }

  @Test
  void withoutACertificateThereIsNoSession() throws Exception {
    JoiningHost host = joined("north");
    assertThat(host.withoutCertificate().status()).isEqualTo(403);
    alarmed("a certificate that is no host's");
  }

  @Test
  void anotherKeyIsTheHostsOnceItIsShown() throws Exception {
    JoiningHost host = joined("north");
    assertThat(host.renew(host.pair()).status()).isEqualTo(200);
    KeyPair lost = HostKey.make(new SecureRandom());
    assertThat(host.renew(lost).status()).isEqualTo(200);
    assertThat(host.session().status()).isEqualTo(200); // the answer may not have come
    KeyPair before = host.pair();
    X509Certificate earlier = host.certificate();
    KeyPair next = HostKey.make(new SecureRandom());
    JoiningHost.Answer answer = host.renew(next);
    host.show(next, Pem.certificate(answer.text("certificate")));
    assertThat(host.session().status()).isEqualTo(200);
    host.show(before, earlier);
    assertThat(host.session().status()).isEqualTo(403);
    assertThat(host.session().text("message")).contains("another key");
    host.show(next, Pem.certificate(answer.text("certificate")));
    assertThat(host.session().status()).isEqualTo(200);
  }

  @Test
  void anExpiredCertificateIsRefusedOnAnyConnection() throws Exception {
    JoiningHost host = joined("north");
    ahead.set(Authority.HOST.plusMinutes(1));
    assertThat(host.session().status()).isEqualTo(403);
  }

  @Test
  void aRemovedHostIsRefusedFromThenOn() throws Exception {
    JoiningHost host = joined("north");
    Credentials session = session(host);
    try (var stream = host.stream(session, JoiningHost.HOST)) {
      stream.next(HostInstancesMessage.class);
      desk.remove("north");
      assertThat(stream.ends()).isTrue();
    }
    assertThat(host.session().status()).isEqualTo(410);
    assertThat(host.renew(host.pair()).status()).isEqualTo(410);
    assertThat(host.refusal(session, JoiningHost.HOST)).isNotEmpty();
    assertThat(desk.list().items()).isEmpty();
    joined("north"); // the name is free again
  }

  private AwsClient client(Credentials as) {
    return new AwsClient(http, platform.url(), "us-east-1", () -> as, clock);
  }

  private AwsClient shop() throws Exception {
    AwsClient client = client(platform.account().administrator());
    client.call(
        EcsModel.CREATE_CLUSTER, CreateClusterRequest.builder().clusterName("shop").build());
    client.call(
        EcsModel.REGISTER_TASK_DEFINITION,
        RegisterTaskDefinitionRequest.builder()
            .family("web")
            .containerDefinitions(
                List.of(
                    ContainerDefinition.builder()
                        .name("web")
                        .image("registry.invalid/none:1")
                        .memory(64)
                        .build()))
            .build());
    return client;
  }

  private static List<Task> run(AwsClient shop) throws Exception {
    return shop.call(
            EcsModel.RUN_TASK,
            RunTaskRequest.builder().cluster("shop").taskDefinition("web").build())
        .tasks();
  }

  private static Task described(AwsClient shop, Task task) {
    try {
      return shop.call(
              EcsModel.DESCRIBE_TASKS,
              DescribeTasksRequest.builder()
                  .cluster("shop")
                  .tasks(List.of(String.valueOf(task.taskArn())))
                  .build())
          .tasks()
          .getFirst();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void runsTasksOnAHostThatIsConnectedAndNotDraining() throws Exception {
    AwsClient shop = shop();
    JoiningHost host = joined("north");
    assertThat(run(shop)).isEmpty();
    Credentials session = session(host);
    try (var stream = host.stream(session, JoiningHost.HOST)) {
      stream.next(HostInstancesMessage.class);
      Task task = run(shop).getFirst();
      String instance = String.valueOf(task.containerInstanceArn());
      assertThat(stream.next(HostInstancesMessage.class).instances())
          .anyMatch(i -> i.containerInstanceArn().equals(instance));
      var shown =
          shop.call(
                  EcsModel.DESCRIBE_CONTAINER_INSTANCES,
                  DescribeContainerInstancesRequest.builder()
                      .cluster("shop")
                      .containerInstances(List.of(instance))
                      .build())
              .containerInstances()
              .getFirst();
      assertThat(shown.ec2InstanceId()).isEqualTo("north");
      assertThat(shown.agentConnected()).isTrue();
      try (var commands = host.stream(session, JoiningHost.instance(instance))) {
        assertThat(commands.next(PayloadMessage.class).tasks().getFirst().arn())
            .isEqualTo(task.taskArn());
        report(session, task);
        assertThat(described(shop, task).lastStatus()).isEqualTo("RUNNING");
        desk.drain("north", true);
        assertThat(run(shop)).isEmpty();
        desk.drain("north", false);
        assertThat(run(shop)).hasSize(1);
        assertThat(desk.remove("north").integer("tasks")).isEqualTo(2);
        assertThat(described(shop, task).lastStatus()).isEqualTo("STOPPED");
        assertThat(described(shop, task).stoppedReason()).contains("removed");
        assertThat(commands.ends()).isTrue();
      }
    }
    assertThat(run(shop)).isEmpty();
  }

  @Test
  void theCredentialsOfATaskEndThoughItsHostIsCutOff() throws Exception {
    AwsClient shop = shop();
    var role =
        shop.call(
                IamModel.CREATE_ROLE,
                CreateRoleRequest.builder()
                    .roleName("app")
                    .maxSessionDuration(3600)
                    .assumeRolePolicyDocument(
                        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\","
                            + "\"Principal\":{\"Service\":\"ecs-tasks.amazonaws.com\"},"
                            + "\"Action\":\"sts:AssumeRole\"}]}")
                    .build())
            .role();
    shop.call(
        EcsModel.REGISTER_TASK_DEFINITION,
        RegisterTaskDefinitionRequest.builder()
            .family("web")
            .taskRoleArn(role.arn())
            .containerDefinitions(
                List.of(
                    ContainerDefinition.builder()
                        .name("web")
                        .image("registry.invalid/none:1")
                        .memory(64)
                        .build()))
            .build());
    JoiningHost host = joined("north");
    Credentials session = session(host);
    try (var stream = host.stream(session, JoiningHost.HOST)) {
      stream.next(HostInstancesMessage.class);
      String instance = String.valueOf(run(shop).getFirst().containerInstanceArn());
      stream.next(HostInstancesMessage.class);
      RoleCredentials given;
      try (var commands = host.stream(session, JoiningHost.instance(instance))) {
        given =
            Objects.requireNonNull(
                commands.next(PayloadMessage.class).tasks().getFirst().roleCredentials());
      }
      AwsClient task =
          client(
              new Credentials(given.accessKeyId(), given.secretAccessKey(), given.sessionToken()));
      // As on AWS, a role's longest session is for those who assume it, not for its tasks.
      ahead.set(Duration.ofHours(6).minusMinutes(2));
      assertThat(who(task)).contains(":assumed-role/app/");
      ahead.set(Duration.ofHours(6).plusMinutes(2));
      assertThatThrownBy(() -> who(task))
          .isInstanceOf(ApiError.class)
          .hasMessageContaining("expired");
    }
  }

  private static String who(AwsClient client) throws Exception {
    return String.valueOf(
        client
            .call(StsModel.GET_CALLER_IDENTITY, GetCallerIdentityRequest.builder().build())
            .arn());
  }

  private void report(Credentials session, Task task) throws Exception {
    client(session)
        .call(
            EcsModel.SUBMIT_TASK_STATE_CHANGE,
            SubmitTaskStateChangeRequest.builder()
                .cluster(String.valueOf(task.clusterArn()))
                .task(String.valueOf(task.taskArn()))
                .status("RUNNING")
                .containers(
                    List.of(
                        dev.holdfast.aws.ecs.ContainerStateChange.builder()
                            .containerName("web")
                            .runtimeId("r")
                            .status("RUNNING")
                            .build()))
                .build());
  }

  @Test
  void noHostGetsWhatIsAnothers() throws Exception {
    AwsClient shop = shop();
    JoiningHost north = joined("north");
    JoiningHost south = joined("south");
    Credentials northern = session(north);
    Credentials southern = session(south);
    try (var stream = north.stream(northern, JoiningHost.HOST)) {
      stream.next(HostInstancesMessage.class);
      Task task = run(shop).getFirst();
      String instance = String.valueOf(task.containerInstanceArn());
      assertThat(south.refusal(southern, JoiningHost.instance(instance)))
          .contains("AccessDeniedException");
      assertThatThrownBy(() -> report(southern, task))
          .isInstanceOf(ApiError.class)
          .hasMessageContaining("another principal");
      alarmed(instance);
      assertThatThrownBy(() -> run(client(southern))).isInstanceOf(ApiError.class);
      try (var own = south.stream(southern, JoiningHost.HOST)) {
        assertThat(own.next(HostInstancesMessage.class).instances()).isEmpty();
      }
    }
  }
}
