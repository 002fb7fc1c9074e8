// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ssm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.ssm.PutParameterRequest;
import dev.holdfast.aws.ssm.SsmModel;
import dev.holdfast.aws.ssm.Tag;
import dev.holdfast.iam.Iam;
import dev.holdfast.kms.World;
import dev.holdfast.service.Principal;
import dev.holdfast.service.Profile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ResolveTest {
  private final World world = new World(Profile.DEV);
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
              new java.util.Random(7)));

  ResolveTest() {
    world.serve(ssm.service());
  }

  private void put(String name, @Nullable String environment) {
    world.call(
        admin,
        SsmModel.PUT_PARAMETER,
        PutParameterRequest.builder()
            .name(name)
            .value("value")
            .type("String")
            .tags(environment == null ? List.of() : List.of(new Tag("environment", environment)))
            .build());
  }

  private Resolution resolve(String valueFrom, @Nullable String environment) {
    return world.state.read(
        view -> ssm.resolve(view, World.SHOP, World.REGION, valueFrom, environment));
  }

  @Test
  void choosesTheOneOfTheEnvironment() {
    put("/shop/dev/db-password", "dev");
    put("/shop/prod/db-password", "prod");
    put("/shop/x/db-password", null);
    put("/shop/prod/deep/db-password", "prod");
    assertThat(resolve("/shop/*/db-password", "prod"))
        .isInstanceOfSatisfying(
            Resolution.Exact.class,
            exact -> {
              assertThat(exact.name()).isEqualTo("/shop/prod/db-password");
              assertThat(exact.version()).isEqualTo(1);
              assertThat(exact.environment()).isEqualTo("prod");
            });
    assertThat(resolve("arn:aws:ssm:eu-central-1:111122223333:parameter/shop/*/db-password", "dev"))
        .isInstanceOf(Resolution.Exact.class);
  }

  @Test
  void saysWhatItFoundWhereNoneFits() {
    put("/shop/dev/db-password", "dev");
    put("/shop/x/db-password", null);
    assertThat(resolve("/shop/*/db-password", "prod"))
        .isInstanceOfSatisfying(
            Resolution.None.class,
            none ->
                assertThat(none.text())
                    .contains("/shop/dev/db-password (environment=dev)")
                    .contains("/shop/x/db-password (no environment)")
                    .doesNotContain("value"));
    assertThat(resolve("/shop/*/db-password", null))
        .isInstanceOfSatisfying(
            Resolution.None.class,
            none -> assertThat(none.text()).contains("needs an environment"));
  }

  @Test
  void namesAllWhereSeveralFit() {
    put("/shop/a/db", "prod");
    put("/shop/b/db", "prod");
    assertThat(resolve("/shop/*/db", "prod"))
        .isEqualTo(new Resolution.Ambiguous(List.of("/shop/a/db", "/shop/b/db")));
  }

  @Test
  void takesNamesAndArnsAsTheyAre() {
    put("plain", null);
    put("/a/b", "dev");
    assertThat(resolve("plain", "prod")).isInstanceOf(Resolution.Exact.class);
    assertThat(resolve("arn:aws:ssm:eu-central-1:111122223333:parameter/plain", null))
        .isInstanceOf(Resolution.Exact.class);
    assertThat(resolve("/a/b", "prod"))
        .isInstanceOfSatisfying(
            Resolution.Exact.class, exact -> assertThat(exact.environment()).isEqualTo("dev"));
    for (String none :
        List.of(
            "/none",
            "/a/b:2",
            "arn:aws:ssm:eu-central-1:444455556666:parameter/plain",
            "arn:aws:ssm:us-east-1:111122223333:parameter/plain",
            "arn:aws:secretsmanager:eu-central-1:111122223333:secret:x")) {
      assertThat(resolve(none, null)).isInstanceOf(Resolution.None.class);
    }
  }

  @Test
  void refusesPatternsOfOtherForms() {
    put("/shop/prod/db", "prod");
    for (String pattern : List.of("/*/*/db", "/shop/p*/db", "shop/*/db", "*", "/shop/*/db:1")) {
      assertThat(resolve(pattern, "prod")).isInstanceOf(Resolution.None.class);
    }
  }

  /** Against a plain reading of the rule, over random trees; seeds are printed by the failure. */
  @Test
  void agreesWithTheRuleOnRandomTrees() {
    var names = new TreeMap<String, String>();
    var random = new Random(17);
    List<String> levels = List.of("a", "b", "c-d", "e.f");
    List<String> environments = List.of("dev", "prod", "none");
    for (int i = 0; i < 60; i++) {
      String name = path(random, levels, 1 + random.nextInt(4));
      String environment = environments.get(random.nextInt(3));
      if (names.putIfAbsent(name, environment) == null) {
        put(name, environment.equals("none") ? null : environment);
      }
    }
    for (int seed = 0; seed < 500; seed++) {
      var draw = new Random(seed);
      var parts = new ArrayList<String>();
      int length = 1 + draw.nextInt(4);
      int star = draw.nextInt(length);
      for (int i = 0; i < length; i++) {
        parts.add(i == star ? "*" : levels.get(draw.nextInt(levels.size())));
      }
      String pattern = "/" + String.join("/", parts);
      String environment = draw.nextBoolean() ? "dev" : "prod";
      List<String> expected = expected(names, pattern, environment);
      Resolution actual = resolve(pattern, environment);
      assertThat(found(actual))
          .as("seed %d, %s for %s", seed, pattern, environment)
          .isEqualTo(expected);
    }
  }

  private static List<String> expected(
      Map<String, String> names, String pattern, String environment) {
    var regex = Pattern.compile(pattern.replace(".", "\\.").replace("*", "[^/]+"));
    return names.entrySet().stream()
        .filter(entry -> regex.matcher(entry.getKey()).matches())
        .filter(entry -> entry.getValue().equals(environment))
        .map(Map.Entry::getKey)
        .toList();
  }

  private static List<String> found(Resolution resolution) {
    return switch (resolution) {
      case Resolution.Exact exact -> List.of(exact.name());
      case Resolution.None _ -> List.of();
      case Resolution.Ambiguous(var names) -> names;
    };
  }

  private static String path(Random random, List<String> levels, int length) {
    var name = new StringBuilder();
    for (int i = 0; i < length; i++) {
      name.append('/').append(levels.get(random.nextInt(levels.size())));
    }
    return name.toString();
  }
}
