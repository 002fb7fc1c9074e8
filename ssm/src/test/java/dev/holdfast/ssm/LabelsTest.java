// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ssm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.ssm.DeleteParameterRequest;
import dev.holdfast.aws.ssm.GetParameterHistoryRequest;
import dev.holdfast.aws.ssm.GetParameterRequest;
import dev.holdfast.aws.ssm.GetParametersByPathRequest;
import dev.holdfast.aws.ssm.GetParametersRequest;
import dev.holdfast.aws.ssm.LabelParameterVersionRequest;
import dev.holdfast.aws.ssm.LabelParameterVersionResult;
import dev.holdfast.aws.ssm.Parameter;
import dev.holdfast.aws.ssm.ParameterHistory;
import dev.holdfast.aws.ssm.ParameterStringFilter;
import dev.holdfast.aws.ssm.PutParameterRequest;
import dev.holdfast.aws.ssm.SsmModel;
import dev.holdfast.aws.ssm.UnlabelParameterVersionRequest;
import dev.holdfast.aws.ssm.UnlabelParameterVersionResult;
import dev.holdfast.iam.Iam;
import dev.holdfast.kms.World;
import dev.holdfast.service.Principal;
import dev.holdfast.service.Profile;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Labels of parameters' versions: given, moved, taken away, and what they find. */
class LabelsTest {
  private static final String ARN = "arn:aws:ssm:eu-central-1:111122223333:parameter/shop/db";

  private final World world = new World(Profile.STANDARD);
  private final Principal admin = world.user(World.SHOP, "admin", World.ANYTHING);
  private final Ssm ssm =
      Ssm.create(
          new Ssm.Needs(
              world.state,
              world.kms,
              world.guard(),
              Iam::uniqueId,
              world.pages,
              new NoMachines(),
              new Random(7)));

  LabelsTest() {
    world.serve(ssm.service());
  }

  private static void refused(String code, ThrowingCallable call) {
    assertThatExceptionOfType(ApiError.class)
        .isThrownBy(call)
        .satisfies(e -> assertThat(e.code()).isEqualTo(code));
  }

  private void put(String name, String... values) {
    for (String value : values) {
      world.call(
          admin,
          SsmModel.PUT_PARAMETER,
          PutParameterRequest.builder()
              .name(name)
              .value(value)
              .type("String")
              .overwrite(true)
              .build());
    }
  }

  private LabelParameterVersionResult label(String name, @Nullable Long version, String... labels) {
    return world.call(
        admin,
        SsmModel.LABEL_PARAMETER_VERSION,
        LabelParameterVersionRequest.builder()
            .name(name)
            .parameterVersion(version)
            .labels(List.of(labels))
            .build());
  }

  private UnlabelParameterVersionResult unlabel(String name, long version, String... labels) {
    return world.call(
        admin,
        SsmModel.UNLABEL_PARAMETER_VERSION,
        UnlabelParameterVersionRequest.builder()
            .name(name)
            .parameterVersion(version)
            .labels(List.of(labels))
            .build());
  }

  private Parameter get(String name) {
    return Objects.requireNonNull(
        world
            .call(admin, SsmModel.GET_PARAMETER, GetParameterRequest.builder().name(name).build())
            .parameter());
  }

  private List<ParameterHistory> history(String name) {
    return world
        .call(
            admin,
            SsmModel.GET_PARAMETER_HISTORY,
            GetParameterHistoryRequest.builder().name(name).build())
        .parameters();
  }

  private Resolution resolve(String valueFrom) {
    return world.state.read(view -> ssm.resolve(view, World.SHOP, World.REGION, valueFrom, null));
  }

  @Test
  void findsAVersionByItsLabel() {
    put("/shop/db", "one", "two", "three");
    assertThat(label("/shop/db", 2L, "stable").parameterVersion()).isEqualTo(2);
    Parameter found = get("/shop/db:stable");
    assertThat(found.value()).isEqualTo("two");
    assertThat(found.version()).isEqualTo(2);
    assertThat(found.selector()).isEqualTo(":stable");
    assertThat(get(ARN + ":stable").value()).isEqualTo("two");
    refused("ParameterVersionNotFound", () -> get("/shop/db:Stable"));
    refused("ParameterNotFound", () -> get("/shop/other:stable"));
    var several =
        world.call(
            admin,
            SsmModel.GET_PARAMETERS,
            GetParametersRequest.builder()
                .names(List.of("/shop/db:stable", "/shop/db:canary", "/shop/db"))
                .build());
    assertThat(several.parameters()).extracting(Parameter::value).containsExactly("two", "three");
    assertThat(several.invalidParameters()).containsExactly("/shop/db:canary");
  }

  @Test
  void labelsTheNewestVersionWhereNoneIsNamed() {
    put("/shop/db", "one", "two");
    assertThat(label("/shop/db", null, "stable").parameterVersion()).isEqualTo(2);
    put("/shop/db", "three");
    assertThat(get("/shop/db:stable").value()).isEqualTo("two");
  }

  @Test
  void movesALabelFromOneVersionToAnother() {
    put("/shop/db", "one", "two");
    label("/shop/db", 1L, "stable", "first");
    label("/shop/db", 2L, "stable");
    assertThat(get("/shop/db:stable").value()).isEqualTo("two");
    assertThat(history("/shop/db"))
        .extracting(ParameterHistory::labels)
        .containsExactly(List.of("first"), List.of("stable"));
  }

  @Test
  void givesBackWhatNoLabelMayBe() {
    put("/shop/db", "one");
    LabelParameterVersionResult result =
        label("/shop/db", 1L, "good", "1st", "awsOne", "SSM-x", "a b", "_a.b-1", "x/y");
    assertThat(result.invalidLabels()).containsExactly("1st", "awsOne", "SSM-x", "a b", "x/y");
    assertThat(history("/shop/db").getFirst().labels()).containsExactly("_a.b-1", "good");
  }

  @Test
  void keepsAVersionToTenLabels() {
    put("/shop/db", "one", "two");
    String[] ten = IntStream.range(0, 10).mapToObj(i -> "l" + i).toArray(String[]::new);
    label("/shop/db", 1L, ten);
    refused("ParameterVersionLabelLimitExceeded", () -> label("/shop/db", 1L, "one-more"));
    refused("ParameterVersionNotFound", () -> get("/shop/db:one-more"));
    label("/shop/db", 1L, "l3"); // which it has already
    label("/shop/db", 2L, "l3");
    label("/shop/db", 1L, "one-more");
    assertThat(get("/shop/db:one-more").version()).isEqualTo(1);
  }

  @Test
  void takesLabelsFromTheVersionThatHasThem() {
    put("/shop/db", "one", "two");
    label("/shop/db", 1L, "stable");
    label("/shop/db", 2L, "canary");
    UnlabelParameterVersionResult result = unlabel("/shop/db", 1, "stable", "canary", "none");
    assertThat(result.removedLabels()).containsExactly("stable");
    assertThat(result.invalidLabels()).containsExactly("canary", "none");
    refused("ParameterVersionNotFound", () -> get("/shop/db:stable"));
    assertThat(get("/shop/db:canary").value()).isEqualTo("two");
  }

  @Test
  void refusesWhatIsNotThere() {
    put("/shop/db", "one");
    refused("ParameterNotFound", () -> label("/shop/none", 1L, "x"));
    refused("ParameterVersionNotFound", () -> label("/shop/db", 2L, "x"));
    refused("ParameterNotFound", () -> unlabel("/shop/none", 1, "x"));
    refused("ParameterVersionNotFound", () -> unlabel("/shop/db", 2, "x"));
    refused("ValidationException", () -> label("/shop/db:1", 1L, "x"));
    refused("ValidationException", () -> label(ARN, 1L, "x"));
  }

  @Test
  void refusesTheVersionForWhichALabelledOneWouldGo() {
    put("/shop/db", IntStream.range(0, 100).mapToObj(Integer::toString).toArray(String[]::new));
    label("/shop/db", 1L, "stable");
    refused("ParameterMaxVersionLimitExceeded", () -> put("/shop/db", "more"));
    assertThat(get("/shop/db").version()).isEqualTo(100);
    label("/shop/db", 2L, "stable");
    put("/shop/db", "more");
    assertThat(get("/shop/db").version()).isEqualTo(101);
  }

  @Test
  void listsBelowAPathByLabel() {
    put("/shop/a", "a1", "a2", "a3");
    put("/shop/b", "b1");
    put("/shop/c", "c1", "c2");
    label("/shop/a", 1L, "stable");
    label("/shop/a", 2L, "canary");
    label("/shop/c", 1L, "stable");
    assertThat(byLabel("stable")).containsExactly("a1", "c1");
    assertThat(byLabel("stable", "canary")).containsExactly("a2", "c1");
    assertThat(byLabel("none")).isEmpty();
  }

  private List<String> byLabel(String... labels) {
    return world
        .call(
            admin,
            SsmModel.GET_PARAMETERS_BY_PATH,
            GetParametersByPathRequest.builder()
                .path("/shop")
                .parameterFilters(
                    List.of(new ParameterStringFilter("Label", "Equals", List.of(labels))))
                .build())
        .parameters()
        .stream()
        .map(Parameter::value)
        .map(Objects::requireNonNull)
        .toList();
  }

  @Test
  void forgetsLabelsWithTheirParameter() {
    put("/shop/db", "one");
    label("/shop/db", 1L, "stable");
    world.call(
        admin,
        SsmModel.DELETE_PARAMETER,
        DeleteParameterRequest.builder().name("/shop/db").build());
    put("/shop/db", "anew");
    refused("ParameterVersionNotFound", () -> get("/shop/db:stable"));
    assertThat(history("/shop/db").getFirst().labels()).isEmpty();
  }

  @Test
  void resolvesASecretOfAContainerByLabel() {
    put("/shop/db", "one", "two");
    assertThat(resolve("/shop/db:stable")).isInstanceOf(Resolution.None.class);
    label("/shop/db", 1L, "stable");
    for (String valueFrom : List.of("/shop/db:stable", ARN + ":stable")) {
      assertThat(resolve(valueFrom))
          .isInstanceOfSatisfying(
              Resolution.Exact.class,
              exact -> {
                assertThat(exact.name()).isEqualTo("/shop/db");
                assertThat(exact.version()).isEqualTo(1);
              });
    }
  }

  @Test
  void asksForTheRightToLabel() {
    put("/shop/db", "one");
    Principal writer =
        world.user(
            World.SHOP,
            "writer",
            "{\"Effect\":\"Allow\",\"Action\":\"ssm:PutParameter\",\"Resource\":\"*\"}");
    var request =
        LabelParameterVersionRequest.builder().name("/shop/db").labels(List.of("x")).build();
    refused(
        "AccessDeniedException",
        () -> world.call(writer, SsmModel.LABEL_PARAMETER_VERSION, request));
    Principal labeller =
        world.user(
            World.SHOP,
            "labeller",
            "{\"Effect\":\"Allow\",\"Action\":\"ssm:LabelParameterVersion\",\"Resource\":\""
                + ARN
                + "\"}");
    world.call(labeller, SsmModel.LABEL_PARAMETER_VERSION, request);
    assertThat(get("/shop/db:x").value()).isEqualTo("one");
  }
}
