// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.Shape;
import dev.holdfast.aws.ecs.CreateClusterResponse;
import dev.holdfast.aws.ecs.DeregisterContainerInstanceResponse;
import dev.holdfast.aws.ecs.DescribeContainerInstancesResponse;
import dev.holdfast.aws.ecs.DescribeTasksResponse;
import dev.holdfast.aws.ecs.DiscoverPollEndpointResponse;
import dev.holdfast.aws.ecs.RegisterContainerInstanceResponse;
import dev.holdfast.aws.ecs.SubmitAttachmentStateChangesResponse;
import dev.holdfast.aws.ecs.SubmitContainerStateChangeResponse;
import dev.holdfast.aws.ecs.SubmitTaskStateChangeResponse;
import dev.holdfast.aws.ecs.UpdateContainerInstancesStateResponse;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.Host;
import dev.holdfast.kit.AccountId;
import dev.holdfast.service.Principal;
import dev.holdfast.store.Table;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever acts as a host that it is not is refused, and an alarm names it. */
final class ImpostorTest {
  private static final AccountId OTHER = new AccountId("210987654321");
  private static final Principal AGENT =
      Fixture.principal(Fixture.ACCOUNT, "AIDAAGENT", "AKIAAGENT");
  private static final Principal THIEF =
      Fixture.principal(Fixture.ACCOUNT, "AIDATHIEF", "AKIATHIEF");
  private static final String TASK = "arn:aws:ecs:eu-test-1:123456789012:task/shop/abc";

  private final Fixture f = new Fixture();

  private String register(Principal by, String arn, int cpu) {
    return register(by, "shop", arn, cpu);
  }

  private String register(Principal by, String cluster, String arn, int cpu) {
    var instance =
        f.call(
                by,
                "RegisterContainerInstance",
                """
                {"cluster":"%s","containerInstanceArn":"%s","totalResources":[
                 {"name":"CPU","type":"INTEGER","integerValue":%d},
                 {"name":"MEMORY","type":"INTEGER","integerValue":1024}]}\
                """
                    .formatted(cluster, arn, cpu),
                RegisterContainerInstanceResponse.class)
            .containerInstance();
    return String.valueOf(Objects.requireNonNull(instance).containerInstanceArn());
  }

  private static void denied(ThrowingCallable attempt) {
    refused(attempt, "AccessDeniedException");
  }

  private static void refused(ThrowingCallable attempt, String code) {
    assertThatThrownBy(attempt)
        .isInstanceOfSatisfying(ApiError.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  private int cpu(String arn) {
    String id = arn.substring(arn.lastIndexOf('/') + 1);
    return f.state.read(
        view -> Objects.requireNonNull(view.get(EcsTables.HOSTS, Table.PLATFORM, id), id).cpu());
  }

  @Test
  void anInstanceIsRegisteredAgainByItsOwnAgentAlone() {
    Scenes.cluster(f);
    String arn = register(AGENT, "", 1024);

    denied(() -> register(THIEF, arn, 8));
    denied(() -> register(Fixture.session("AROABOX", "box", Map.of()), arn, 8));
    denied(
        () -> register(Fixture.principal(Fixture.ACCOUNT, "AIDAAGENT", "AKIAANOTHERKEY"), arn, 8));

    assertThat(cpu(arn)).isEqualTo(1024);
    assertThat(register(AGENT, arn, 2048)).isEqualTo(arn);
    assertThat(cpu(arn)).isEqualTo(2048);
    assertThat(f.ecs.alarms())
        .hasSize(2)
        .anySatisfy(
            alarm ->
                assertThat(alarm).contains("user/someone", "registering as the host of " + arn));
  }

  @Test
  void twoHostsOfOneRoleAreNotEachOther() {
    Scenes.cluster(f);
    Principal one = Fixture.session("AROABOX", "mi-one", Map.of());
    Principal two = Fixture.session("AROABOX", "mi-two", Map.of());
    String first = register(one, "", 512);
    register(two, "", 512);

    denied(() -> register(two, first, 8));
    denied(() -> register(Fixture.user(), first, 8));

    // Another key of the same session name is the same host with its credentials renewed.
    Principal renewed = new Principal(one.identity(), "ASIARENEWED", one.tags(), one.session());
    assertThat(register(renewed, first, 512)).isEqualTo(first);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "local",
        "host/local",
        "../local",
        "1234",
        "0123456789ABCDEF0123456789ABCDEF",
        "0123456789abcdef0123456789abcdef/x"
      })
  void nobodyChoosesAnId(String id) {
    Scenes.cluster(f);
    refused(() -> register(AGENT, id, 8), "InvalidParameterException");
    assertThat(
            f.state.read(view -> view.list(EcsTables.HOSTS, Table.PLATFORM)).stream().map(Host::id))
        .isEmpty();
    refused(
        () -> register(AGENT, "0123456789abcdef0123456789abcdef", 8), "InvalidParameterException");
    String drawn = register(AGENT, "", 8);
    assertThat(register(AGENT, drawn.substring(drawn.lastIndexOf('/') + 1), 8)).isEqualTo(drawn);
  }

  @Test
  void nobodyTakesTheHostOfAnotherAccountOrCluster() {
    Scenes.cluster(f);
    String arn = register(AGENT, "", 1024);
    String id = arn.substring(arn.lastIndexOf('/') + 1);
    var stranger = Fixture.principal(OTHER, "AIDAOTHER", "AKIAOTHER");
    var _ =
        f.call(
            stranger, "CreateCluster", "{\"clusterName\":\"shop\"}", CreateClusterResponse.class);
    var _ = f.call("CreateCluster", "{\"clusterName\":\"other\"}", CreateClusterResponse.class);

    refused(() -> register(stranger, id, 8), "InvalidParameterException");
    refused(() -> register(THIEF, "other", id, 8), "InvalidParameterException");

    assertThat(cpu(arn)).isEqualTo(1024);
    register(stranger, "", 8);
    assertThat(cpu(arn)).isEqualTo(1024);
  }

  @Test
  void anAgentThatStartsAgainEndsNoDrainingAndRevivesNothing() {
    Scenes.cluster(f);
    String arn = register(AGENT, "", 1024);
    String named = "{\"cluster\":\"shop\",\"containerInstances\":[\"" + arn + "\"]";
    var _ =
        f.call(
            "UpdateContainerInstancesState",
            named + ",\"status\":\"DRAINING\"}",
            UpdateContainerInstancesStateResponse.class);
    register(AGENT, arn, 1024);
    assertThat(status(named)).isEqualTo("DRAINING");

    var _ =
        f.call(
            "DeregisterContainerInstance",
            "{\"cluster\":\"shop\",\"containerInstance\":\"" + arn + "\"}",
            DeregisterContainerInstanceResponse.class);
    refused(() -> register(AGENT, arn, 1024), "InvalidParameterException");
    assertThat(register(AGENT, "", 1024)).isNotEqualTo(arn);
  }

  private String status(String named) {
    return String.valueOf(
        f.call("DescribeContainerInstances", named + "}", DescribeContainerInstancesResponse.class)
            .containerInstances()
            .getFirst()
            .status());
  }

  @Test
  void aReportOnATaskPlacedElsewhereIsRefused() {
    f.connect();
    Scenes.shop(f);
    register(THIEF, "", 8192);
    String tags = ",\"tags\":[{\"key\":\"environment\",\"value\":\"dev\"}]";
    String arn = String.valueOf(Scenes.task(Scenes.run(f, tags)).taskArn());
    String report =
        "{\"cluster\":\"arn:aws:ecs:eu-test-1:123456789012:cluster/shop\",\"task\":\""
            + arn
            + "\",";

    for (Principal other : List.of(AGENT, Fixture.user(), THIEF)) {
      denied(
          () ->
              f.call(
                  other,
                  "SubmitTaskStateChange",
                  report + "\"status\":\"STOPPED\"}",
                  SubmitTaskStateChangeResponse.class));
      denied(
          () ->
              f.call(
                  other,
                  "SubmitContainerStateChange",
                  report + "\"containerName\":\"app\",\"status\":\"STOPPED\"}",
                  SubmitContainerStateChangeResponse.class));
      denied(() -> attachment(other, arn));
    }

    assertThat(f.state.read(view -> view.all(EcsTables.TASKS).getFirst()).live()).isTrue();
    assertThat(f.ecs.alarms())
        .singleElement()
        .asString()
        .contains("a report on " + arn, "(9 times");
    assertThat(attachment(Fixture.host(), arn)).isEqualTo("ok");
    assertThat(
            f.call(
                    Fixture.host(),
                    "SubmitTaskStateChange",
                    report + "\"status\":\"RUNNING\"}",
                    SubmitTaskStateChangeResponse.class)
                .acknowledgment())
        .isEqualTo("ok");
  }

  private @Nullable String attachment(Principal by, String... arns) {
    String changes =
        Stream.of(arns)
            .map("{\"attachmentArn\":\"%s\",\"status\":\"DETACHED\"}"::formatted)
            .collect(Collectors.joining(","));
    return f.call(
            by,
            "SubmitAttachmentStateChanges",
            "{\"cluster\":\"arn:aws:ecs:eu-test-1:123456789012:cluster/shop\",\"attachments\":["
                + changes
                + "]}",
            SubmitAttachmentStateChangesResponse.class)
        .acknowledgment();
  }

  @Test
  void oneForeignTaskAmongItsOwnIsRefusedAndNoAttachmentIsMadeUp() {
    f.connect();
    Scenes.shop(f);
    String tags = ",\"tags\":[{\"key\":\"environment\",\"value\":\"dev\"}]";
    String own = String.valueOf(Scenes.task(Scenes.run(f, tags)).taskArn());
    String prefix = "arn:aws:ecs:eu-test-1:123456789012:";

    refused(
        () -> attachment(Fixture.host(), own, prefix + "task/shop/gone"),
        "InvalidParameterException");
    for (String none :
        List.of(
            prefix + "attachment/0123456789abcdef",
            own.replace("eu-test-1", "eu-test-2"),
            own.replace("arn:aws:", "arn:other:"),
            "attachment",
            "")) {
      refused(() -> attachment(Fixture.host(), none), "InvalidParameterException");
    }
    assertThat(f.ecs.alarms()).isEmpty();
    assertThat(attachment(Fixture.host(), own, own)).isEqualTo("ok");
    assertThat(attachment(Fixture.host())).isEqualTo("ok");
  }

  @Test
  void nobodyLearnsWhetherATaskOfAnotherAccountIsThere() {
    f.connect();
    Scenes.shop(f);
    String tags = ",\"tags\":[{\"key\":\"environment\",\"value\":\"dev\"}]";
    String there = String.valueOf(Scenes.task(Scenes.run(f, tags)).taskArn());
    Principal stranger = Fixture.principal(OTHER, "AIDAOTHER", "AKIAOTHER");
    for (String task : List.of(there, TASK)) {
      refused(() -> attachment(stranger, task), "AccessDeniedException");
    }
    assertThat(attachment(Fixture.host(), there)).isEqualTo("ok");
  }

  @Test
  void namesAreNoLongerThanNamesMayBe() {
    String most = "x".repeat(255);
    refused(() -> describe(most, "t"), "ClusterNotFoundException");
    refused(() -> describe(most + "x", "t"), "InvalidParameterException");
    refused(() -> describe("shop", most + "x"), "InvalidParameterException");
    refused(() -> describe("shop", TASK + "c".repeat(2048)), "InvalidParameterException");
  }

  private void describe(String cluster, String task) {
    f.call(
        "DescribeTasks",
        "{\"cluster\":\"%s\",\"tasks\":[\"%s\"]}".formatted(cluster, task),
        DescribeTasksResponse.class);
  }

  /** Each operation of an agent, with an input that it takes and what it answers. */
  private record AgentCall(String operation, String json, Class<? extends Shape> answer) {
    static final List<AgentCall> ALL =
        List.of(
            of("RegisterContainerInstance", RegisterContainerInstanceResponse.class),
            of("DiscoverPollEndpoint", DiscoverPollEndpointResponse.class),
            of("SubmitTaskStateChange", SubmitTaskStateChangeResponse.class),
            of("SubmitContainerStateChange", SubmitContainerStateChangeResponse.class),
            new AgentCall(
                "SubmitAttachmentStateChanges",
                "{\"cluster\":\"shop\",\"attachments\":[]}",
                SubmitAttachmentStateChangesResponse.class));

    private static AgentCall of(String operation, Class<? extends Shape> answer) {
      return new AgentCall(operation, "{\"cluster\":\"shop\"}", answer);
    }

    Shape by(Fixture f, Principal caller) {
      return f.call(caller, operation, json, answer);
    }
  }

  @Test
  void aTasksSessionIsNoAgentWhateverItsPoliciesSay() {
    Scenes.cluster(f);
    Principal task = Fixture.session("AROABOX", "abc", Map.of("holdfast:task", TASK));
    for (AgentCall call : AgentCall.ALL) {
      denied(() -> call.by(f, task));
      assertThat(f.ecs.alarms().getLast())
          .contains(call.operation() + " with the session of the task " + TASK);
    }
    for (AgentCall call : AgentCall.ALL) {
      assertThat(call.by(f, Fixture.session("AROABOX", "mi-1", Map.of()))).isNotNull();
    }
    assertThat(f.ecs.alarms()).hasSize(AgentCall.ALL.size());
  }

  @Test
  void alarmsAreCountedAndFadeAfterADay() {
    Scenes.cluster(f);
    String arn = register(AGENT, "", 1024);
    for (int i = 0; i < 3; i++) {
      denied(() -> register(THIEF, arn, 8));
    }
    assertThat(f.ecs.alarms()).singleElement().asString().contains("(3 times, last at 2026-11-25");

    f.now = f.now.plus(Duration.ofHours(25));
    assertThat(f.ecs.alarms()).isEmpty();
  }

  @Test
  void aFloodOfAlarmsIsBoundedAndHidesNoNumber() {
    Scenes.cluster(f);
    for (int i = 0; i < 100; i++) {
      Principal task = Fixture.session("AROABOX", "abc", Map.of("holdfast:task", TASK + i));
      denied(
          () ->
              f.call(
                  task,
                  "DiscoverPollEndpoint",
                  "{\"cluster\":\"shop\"}",
                  DiscoverPollEndpointResponse.class));
    }
    assertThat(f.ecs.alarms()).hasSize(33).last().asString().contains("68 earlier attempts");
  }
}
