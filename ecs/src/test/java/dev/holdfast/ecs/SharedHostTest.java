// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.ecs.CreateClusterResponse;
import dev.holdfast.aws.ecs.DescribeTasksResponse;
import dev.holdfast.aws.ecs.ListTaskDefinitionsResponse;
import dev.holdfast.aws.ecs.RegisterContainerInstanceResponse;
import dev.holdfast.aws.ecs.RegisterTaskDefinitionResponse;
import dev.holdfast.aws.ecs.RunTaskResponse;
import dev.holdfast.aws.ecs.StopTaskResponse;
import dev.holdfast.ecs.control.Housekeeping;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.Host;
import dev.holdfast.ecs.state.Tasks;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.service.Principal;
import dev.holdfast.store.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class SharedHostTest {
  private static final AccountId OTHER = new AccountId("210987654321");
  private static final String PORT =
      """
      {"family":"web","executionRoleArn":"arn:aws:iam::123456789012:role/exec",
       "containerDefinitions":[{"name":"app","image":"127.0.0.1:4566/shop/web:1","memory":128,
        "portMappings":[{"containerPort":80,"hostPort":8080}]}]}
      """;
  private static final String RUN = "{\"cluster\":\"shop\",\"taskDefinition\":\"web\"}";

  private static Fixture connected() {
    var f = new Fixture();
    f.connect();
    return f;
  }

  private static RunTaskResponse run(Fixture f, Principal by) {
    var _ = f.call(by, "CreateCluster", "{\"clusterName\":\"shop\"}", CreateClusterResponse.class);
    var _ = f.call(by, "RegisterTaskDefinition", PORT, RegisterTaskDefinitionResponse.class);
    return f.call(by, "RunTask", RUN, RunTaskResponse.class);
  }

  private static List<Host.Booking> bookings(Fixture f) {
    return f.state.read(
        view ->
            Objects.requireNonNull(view.get(EcsTables.HOSTS, Table.PLATFORM, Host.LOCAL))
                .bookings());
  }

  @Test
  void booksNothingTwiceForTwoAccounts() {
    var f = connected();
    var stranger = Fixture.principal(OTHER, "AIDAOTHER", "AKIAOTHER");

    assertThat(run(f, Fixture.user()).tasks()).hasSize(1);
    assertThat(run(f, stranger).failures().getFirst().reason()).isEqualTo("RESOURCE:PORTS");
    assertThat(bookings(f)).hasSize(1);
  }

  @Test
  void freesWhatARemovedAccountHadBooked() {
    var f = connected();
    run(f, Fixture.user());
    f.state.own(
        tx -> {
          tx.deleteAccount(Fixture.ACCOUNT);
          return true;
        });

    new Housekeeping(f.state, new Tasks(f.fakeRoles)).sweep(f.now);

    assertThat(bookings(f)).isEmpty();
  }

  @Test
  void forgetsAStoppedTaskAfterAnHour() {
    var f = connected();
    String arn = String.valueOf(run(f, Fixture.user()).tasks().getFirst().taskArn());
    String named = "{\"cluster\":\"shop\",\"task\":\"" + arn + "\"}";
    var _ = f.call("StopTask", named, StopTaskResponse.class);
    var housekeeping = new Housekeeping(f.state, new Tasks(f.fakeRoles));

    housekeeping.sweep(f.now.plus(Duration.ofMinutes(59)));
    assertThat(described(f, arn).tasks()).hasSize(1);
    housekeeping.sweep(f.now.plus(Duration.ofMinutes(61)));
    assertThat(described(f, arn).failures().getFirst().reason()).isEqualTo("MISSING");
    assertThat(f.ecs.explain(Arn.parse(arn).orElseThrow())).isEmpty();
  }

  private static DescribeTasksResponse described(Fixture f, String arn) {
    return f.call(
        "DescribeTasks",
        "{\"cluster\":\"shop\",\"tasks\":[\"" + arn + "\"]}",
        DescribeTasksResponse.class);
  }

  @Test
  void givesUpATaskThatNoHostTakes() {
    var f = connected();
    String arn = String.valueOf(run(f, Fixture.user()).tasks().getFirst().taskArn());

    new Housekeeping(f.state, new Tasks(f.fakeRoles)).sweep(f.now.plus(Duration.ofMinutes(31)));

    var task = described(f, arn).tasks().getFirst();
    assertThat(task.lastStatus()).isEqualTo("STOPPED");
    assertThat(task.stopCode()).isEqualTo("TaskFailedToStart");
    assertThat(bookings(f)).isEmpty();
  }

  @Test
  void runsNothingInAnotherAccountsCluster() {
    var f = connected();
    run(f, Fixture.user());
    var stranger = Fixture.principal(OTHER, "AIDAOTHER", "AKIAOTHER");
    var _ = f.call(stranger, "RegisterTaskDefinition", PORT, RegisterTaskDefinitionResponse.class);

    assertThatThrownBy(
            () ->
                f.call(
                    stranger,
                    "RunTask",
                    "{\"cluster\":\"arn:aws:ecs:eu-test-1:123456789012:cluster/shop\",\"taskDefinition\":\"web\"}",
                    RunTaskResponse.class))
        .isInstanceOf(ApiError.class);
    assertThat(f.demands)
        .anySatisfy(
            d ->
                assertThat(d.resource())
                    .isEqualTo("arn:aws:ecs:eu-test-1:123456789012:cluster/shop"));
  }

  @Test
  void bindsAnInstanceToThePrincipalThatRegisteredIt() {
    var f = connected();
    Scenes.cluster(f);
    var agent = Fixture.principal(Fixture.ACCOUNT, "AIDAAGENT", "AKIAAGENT");
    var instance =
        f.call(
                agent,
                "RegisterContainerInstance",
                "{\"cluster\":\"shop\",\"attributes\":[{\"name\":\"rack\",\"value\":\"r1\"}],\"totalResources\":[{\"name\":\"CPU\",\"type\":\"INTEGER\",\"integerValue\":1024}]}",
                RegisterContainerInstanceResponse.class)
            .containerInstance();
    if (instance == null) {
      throw new AssertionError("not registered");
    }

    assertThat(instance.attributes()).anySatisfy(a -> assertThat(a.value()).isEqualTo("r1"));
    assertThatThrownBy(
            () ->
                f.call(
                    "RegisterContainerInstance",
                    "{\"cluster\":\"shop\",\"containerInstanceArn\":\""
                        + instance.containerInstanceArn()
                        + "\"}",
                    RegisterContainerInstanceResponse.class))
        .isInstanceOfSatisfying(
            ApiError.class, e -> assertThat(e.code()).isEqualTo("AccessDeniedException"));
  }

  @Test
  void pagesTaskDefinitionsInBothDirections() {
    var f = connected();
    for (int i = 0; i < 12; i++) {
      Scenes.register(f, PORT);
    }
    assertThat(revisions(f, "ASC")).startsWith("1", "2").endsWith("11", "12").hasSize(12);
    assertThat(revisions(f, "DESC")).startsWith("12", "11").endsWith("2", "1").hasSize(12);
  }

  private static List<String> revisions(Fixture f, String sort) {
    var all = new ArrayList<String>();
    String token = "";
    do {
      String more = token.isEmpty() ? "" : ",\"nextToken\":\"" + token + "\"";
      var page =
          f.call(
              "ListTaskDefinitions",
              "{\"maxResults\":5,\"sort\":\"" + sort + "\"" + more + "}",
              ListTaskDefinitionsResponse.class);
      page.taskDefinitionArns().forEach(arn -> all.add(arn.substring(arn.lastIndexOf(':') + 1)));
      token = page.nextToken() == null ? "" : String.valueOf(page.nextToken());
    } while (!token.isEmpty());
    return all;
  }
}
