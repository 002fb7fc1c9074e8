// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.app.rules.GuardrailDesk;
import dev.holdfast.app.rules.QuotaDesk;
import dev.holdfast.app.rules.ShrinkDesk;
import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.client.AwsClient;
import dev.holdfast.aws.ecs.CreateClusterRequest;
import dev.holdfast.aws.ecs.DescribeClustersRequest;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.ecs.ListClustersRequest;
import dev.holdfast.aws.iam.AttachRolePolicyRequest;
import dev.holdfast.aws.iam.CreateRoleRequest;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.ListUsersRequest;
import dev.holdfast.aws.iam.PutRolePolicyRequest;
import dev.holdfast.aws.logs.CreateLogGroupRequest;
import dev.holdfast.aws.logs.CreateLogStreamRequest;
import dev.holdfast.aws.logs.InputLogEvent;
import dev.holdfast.aws.logs.LogsModel;
import dev.holdfast.aws.logs.PutLogEventsRequest;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.aws.sts.AssumeRoleRequest;
import dev.holdfast.aws.sts.StsModel;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** What the operator does with rules, on a platform that is called over HTTP. */
class RulesTest extends RulesScene {
  private static final String WIDE =
      """
      {"Version":"2012-10-17","Statement":[\
      {"Sid":"Ecs","Effect":"Allow","Action":"ecs:*","Resource":"*"},\
      {"Sid":"Iam","Effect":"Allow","Action":"iam:*","Resource":"*"},\
      {"Sid":"Logs","Effect":"Allow","Action":"logs:*","Resource":"*"}]}\
      """;

  RulesTest() {
    super("eu-west-1");
  }

  private AwsClient assumed(String role) throws Exception {
    String arn = "arn:aws:iam::" + account + ":role/" + role;
    var session =
        Objects.requireNonNull(
            operator()
                .call(
                    StsModel.ASSUME_ROLE,
                    AssumeRoleRequest.builder().roleArn(arn).roleSessionName("work").build())
                .credentials());
    return as(
        new Credentials(
            String.valueOf(session.accessKeyId()),
            String.valueOf(session.secretAccessKey()),
            session.sessionToken()));
  }

  private void role(String name) throws Exception {
    String trust =
        """
        {"Version":"2012-10-17","Statement":{"Effect":"Allow",\
        "Principal":{"AWS":"%s"},"Action":"sts:AssumeRole"}}\
        """
            .formatted(account);
    var _ =
        operator()
            .call(
                IamModel.CREATE_ROLE,
                CreateRoleRequest.builder().roleName(name).assumeRolePolicyDocument(trust).build());
  }

  private void inline(String role, String document) throws Exception {
    var _ =
        operator()
            .call(
                IamModel.PUT_ROLE_POLICY,
                PutRolePolicyRequest.builder()
                    .roleName(role)
                    .policyName("wide")
                    .policyDocument(document)
                    .build());
  }

  /** Events of reads are written a moment behind the answer. */
  private static JsonObject await(
      java.util.function.Supplier<JsonObject> ask, Predicate<JsonObject> wanted) {
    long end = System.nanoTime() + 60_000_000_000L;
    JsonObject answer = ask.get();
    while (!wanted.test(answer)) {
      assertThat(System.nanoTime()).as("%s", answer).isLessThan(end);
      LockSupport.parkNanos(20_000_000);
      answer = ask.get();
    }
    return answer;
  }

  private static JsonObject only(JsonObject answer, String list) {
    assertThat(answer.array(list)).hasSize(1);
    return (JsonObject) answer.array(list).getFirst();
  }

  @Test
  void aRoleShrinksToWhatItDidAndGoesOnDoingIt() throws Exception {
    role("worker");
    inline("worker", WIDE);
    AwsClient worker = assumed("worker");
    work(worker);
    JsonObject proposed =
        await(
            () -> new ShrinkDesk(ground).propose("worker", 1),
            answer -> answer.array("unresolved").size() == 1);
    assertThat(proposed.array("used").toString())
        .contains("logs:PutLogEvents", "ecs:DescribeClusters", "ecs:ListClusters")
        .doesNotContain("iam:");
    assertThat(proposed.array("unresolved").toString()).contains("logs:PutLogEvents");
    assertThat(proposed.integer("replayed")).isEqualTo(proposed.integer("allowed"));
    JsonObject policy = only(proposed, "policies");
    assertThat(policy.isTrue("changed")).isTrue();
    String document = String.valueOf(policy.string("proposed"));
    assertThat(document)
        .contains("arn:aws:ecs:eu-west-1:" + account + ":cluster/shop")
        .doesNotContain("iam:")
        .doesNotContain("ecs:*");

    assertThat(worker.call(IamModel.LIST_USERS, ListUsersRequest.builder().build()).users())
        .isEmpty();
    inline("worker", document);
    describe(worker, "shop");
    log(worker);
    assertThatThrownBy(() -> worker.call(IamModel.LIST_USERS, ListUsersRequest.builder().build()))
        .isInstanceOfSatisfying(
            ApiError.class, e -> assertThat(e.code()).isEqualTo("AccessDenied"));
    assertThatThrownBy(() -> describe(worker, "other"))
        .isInstanceOfSatisfying(
            ApiError.class, e -> assertThat(e.code()).isEqualTo("AccessDeniedException"));
  }

  private static void work(AwsClient worker) throws Exception {
    var _ =
        worker.call(
            EcsModel.CREATE_CLUSTER, CreateClusterRequest.builder().clusterName("shop").build());
    describe(worker, "shop");
    var _ = worker.call(EcsModel.LIST_CLUSTERS, ListClustersRequest.builder().build());
    var _ =
        worker.call(
            LogsModel.CREATE_LOG_GROUP, CreateLogGroupRequest.builder().logGroupName("/w").build());
    var _ =
        worker.call(
            LogsModel.CREATE_LOG_STREAM,
            CreateLogStreamRequest.builder().logGroupName("/w").logStreamName("a").build());
    log(worker);
  }

  private static void describe(AwsClient worker, String cluster) throws Exception {
    var _ =
        worker.call(
            EcsModel.DESCRIBE_CLUSTERS,
            DescribeClustersRequest.builder().clusters(List.of(cluster)).build());
  }

  private static void log(AwsClient worker) throws Exception {
    var _ =
        worker.call(
            LogsModel.PUT_LOG_EVENTS,
            PutLogEventsRequest.builder()
                .logGroupName("/w")
                .logStreamName("a")
                .logEvents(
                    List.of(
                        InputLogEvent.builder()
                            .timestamp(InstantSource.system().millis())
                            .message("m")
                            .build()))
                .build());
  }

  @Test
  void resourcesAreNotNarrowedBeyondWhatTheAuditKeeps() throws Exception {
    role("worker");
    inline("worker", WIDE);
    for (String cluster : List.of("a", "b")) {
      var _ =
          operator()
              .call(
                  EcsModel.CREATE_CLUSTER,
                  CreateClusterRequest.builder().clusterName(cluster).build());
    }
    describeOnRecord("b");
    ahead.set(Duration.ofDays(200));
    platform.confirmClock();
    platform.tidy();
    describeOnRecord("a");

    String lately =
        String.valueOf(only(platform.shrink("worker", 90), "policies").string("proposed"));
    assertThat(lately).contains("cluster/a\"").doesNotContain("cluster/b");
    JsonObject longer = platform.shrink("worker", 400);
    assertThat(longer.isTrue("beyond")).isTrue();
    assertThat(longer.array("unresolved").toString()).contains("ecs:DescribeClusters");
    assertThat(only(longer, "policies").string("proposed"))
        .contains("\"Action\":\"ecs:DescribeClusters\",\"Resource\":\"*\"")
        .doesNotContain("iam:");
  }

  private void describeOnRecord(String cluster) throws Exception {
    describe(assumed("worker"), cluster);
    var _ =
        await(
            () -> platform.shrink("worker", 1),
            answer -> Long.valueOf(1).equals(answer.integer("calls")));
  }

  @Test
  void whatIsAttachedIsToldApart() throws Exception {
    role("reader");
    var _ =
        operator()
            .call(
                IamModel.ATTACH_ROLE_POLICY,
                AttachRolePolicyRequest.builder()
                    .roleName("reader")
                    .policyArn("arn:aws:iam::aws:policy/IAMReadOnlyAccess")
                    .build());
    AwsClient reader = assumed("reader");
    var _ = reader.call(IamModel.LIST_USERS, ListUsersRequest.builder().build());
    JsonObject policy =
        only(
            await(
                () -> new ShrinkDesk(ground).propose("reader", 1),
                answer ->
                    Long.valueOf(1).equals(answer.integer("calls"))
                        && answer.array("unresolved").isEmpty()),
            "policies");
    assertThat(policy.isTrue("alone")).as("of AWS, so not the account's to change").isFalse();
    assertThat(policy.string("proposed")).contains("iam:ListUsers").doesNotContain("Get");
  }

  @Test
  void whatCannotBeShrunkIsRefused() throws Exception {
    role("idle");
    inline("idle", WIDE);
    JsonObject idle = new ShrinkDesk(ground).propose("idle", 90);
    assertThat(idle.array("used")).isEmpty();
    assertThatThrownBy(() -> new ShrinkDesk(ground).propose("nobody", 90))
        .hasMessageContaining("no role `nobody`");
    assertThatThrownBy(() -> new ShrinkDesk(ground).propose("HoldfastOperator", 90))
        .hasMessageContaining("your own way in");
    assertThatThrownBy(() -> new ShrinkDesk(ground).propose("idle", 401))
        .hasMessageContaining("--days");
  }

  @Test
  void quotasAreSetByTheOperator() throws Exception {
    var quotas = new QuotaDesk(ground);
    assertThat(quotas.set("RolesPerAccount", 2).toString()).contains("RolesPerAccount");
    role("one");
    assertThatThrownBy(() -> role("two"))
        .isInstanceOfSatisfying(
            ApiError.class,
            e -> {
              assertThat(e.code()).isEqualTo("LimitExceeded");
              assertThat(e.text()).isEqualTo("Cannot exceed quota for RolesPerAccount: 2");
              assertThat(e.shape().status()).isEqualTo(409);
            });
    var _ = quotas.set("RolesPerAccount", 3);
    role("two");
    assertThatThrownBy(() -> quotas.set("NoSuch", 3)).hasMessageContaining("no quota `NoSuch`");
    assertThatThrownBy(() -> quotas.set("RolesPerAccount", 0)).hasMessageContaining("from 1 to");
  }

  @Test
  void guardrailsTellWhatTheySaidAndAreLoweredForATime() throws Exception {
    var desk = new GuardrailDesk(ground, new Random(1));
    var _ =
        operator()
            .call(
                EcsModel.REGISTER_TASK_DEFINITION,
                dev.holdfast.aws.ecs.RegisterTaskDefinitionRequest.builder()
                    .family("web")
                    .containerDefinitions(
                        List.of(
                            dev.holdfast.aws.ecs.ContainerDefinition.builder()
                                .name("app")
                                .image("docker.io/library/nginx:1")
                                .memory(64)
                                .build()))
                    .build());
    JsonObject trusted = rule(desk.all(7), "image-trusted");
    assertThat(trusted.string("mode")).isEqualTo("teach");
    assertThat(trusted.integer("practice")).isEqualTo(10);
    assertThat(trusted.object("lately").integer("taught")).isEqualTo(1);
    assertThat(trusted.object("lately").string("lastText")).contains("docker.io/library/nginx:1");
    assertThat(trusted.object("lately").string("lastCall")).isEqualTo("RegisterTaskDefinition");

    JsonObject made = desk.except("image-trusted", "docker.io/*", null, 3_600, "a trial");
    assertThat(desk.standing())
        .singleElement()
        .asString()
        .contains("image-trusted is lowered for the resource docker.io/*", "a trial");
    assertThat(only(desk.all(7), "exceptions").string("exception"))
        .isEqualTo(made.string("exception"));
    var _ = desk.end(String.valueOf(made.string("exception")));
    assertThat(desk.standing()).isEmpty();
    assertThatThrownBy(() -> desk.end("E0")).hasMessageContaining("no exception `E0`");
    assertThatThrownBy(() -> desk.except("image-trusted", null, null, 3_600, "x"))
        .hasMessageContaining("--resource");
    var names = new java.util.ArrayList<String>();
    var _ =
        ground
            .trail()
            .each(
                ground.account(),
                ground.operator().now().minusSeconds(3_600),
                10_000,
                event -> names.add(event.name()));
    assertThat(names).contains("LowerGuardrail", "RaiseGuardrail");
  }

  private static JsonObject rule(JsonObject all, String id) {
    for (JsonValue each : all.array("guardrails")) {
      if (each instanceof JsonObject rule && id.equals(rule.string("id"))) {
        return rule;
      }
    }
    throw new AssertionError("no guardrail " + id);
  }
}
