// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.ecs.Attribute;
import dev.holdfast.aws.ecs.ListAttributesResponse;
import dev.holdfast.aws.ecs.ListTaskDefinitionFamiliesResponse;
import dev.holdfast.aws.ecs.ListTaskDefinitionsResponse;
import dev.holdfast.ecs.model.ContainerInstance;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.TaskDefinition;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.service.PageTokens;
import dev.holdfast.service.Profile;
import dev.holdfast.store.Database;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What listings show, against a plain model, and what they read for it. */
final class ListingTest {
  private static final String GONE = "";
  private static final List<String> STATUS =
      List.of("ACTIVE", "INACTIVE", "DELETE_IN_PROGRESS", GONE);

  /** No row is kept, so that each that is read is counted. */
  private final Fixture f = new Fixture(Profile.STANDARD, store -> new Database(store, 0));

  private static TaskDefinition.Key key(String family, int revision) {
    return new TaskDefinition.Key(Fixture.ACCOUNT, Fixture.REGION, family, revision);
  }

  /** A family whose revisions have these statuses. */
  private void family(String name, List<String> revisions) {
    f.state.own(
        tx -> {
          tx.put(
              EcsTables.FAMILIES,
              Fixture.ACCOUNT,
              new EcsTables.FamilyKey(Fixture.REGION.name(), name),
              new EcsTables.Family(name, revisions.size()));
          for (int i = 0; i < revisions.size(); i++) {
            if (!revisions.get(i).equals(GONE)) {
              var status = TaskDefinition.Status.valueOf(revisions.get(i));
              TaskDefinition.Key key = key(name, i + 1);
              tx.put(
                  EcsTables.TASK_DEFINITIONS,
                  Fixture.ACCOUNT,
                  key,
                  new TaskDefinition(key, JsonObject.EMPTY, List.of(), status, f.now, null, null));
            }
          }
          return name;
        });
  }

  private ListTaskDefinitionFamiliesResponse families(
      String prefix, String status, int size, @Nullable String token) {
    return f.call(
        "ListTaskDefinitionFamilies",
        asked(size, token)
            + ",\"status\":\""
            + status
            + (prefix.isEmpty() ? "" : "\",\"familyPrefix\":\"" + prefix)
            + "\"}",
        ListTaskDefinitionFamiliesResponse.class);
  }

  private List<String> families(String prefix, String status, int size) {
    var found = new ArrayList<String>();
    String token = null;
    do {
      var page = families(prefix, status, size, token);
      assertThat(page.families()).hasSizeLessThanOrEqualTo(size);
      found.addAll(page.families());
      token = page.nextToken();
    } while (token != null);
    return found;
  }

  private static String asked(int size, @Nullable String token) {
    return "{\"maxResults\":" + size + (token == null ? "" : ",\"nextToken\":\"" + token + "\"");
  }

  private List<String> definitions(String sort, int size) {
    var found = new ArrayList<String>();
    String token = null;
    do {
      var page =
          f.call(
              "ListTaskDefinitions",
              asked(size, token) + ",\"sort\":\"" + sort + "\"}",
              ListTaskDefinitionsResponse.class);
      found.addAll(page.taskDefinitionArns());
      token = page.nextToken();
    } while (token != null);
    return found;
  }

  private static boolean listed(List<String> all, String status) {
    boolean active = all.contains("ACTIVE");
    return switch (status) {
      case "ACTIVE" -> active;
      case "INACTIVE" -> !active && all.contains("INACTIVE");
      default -> all.stream().anyMatch(one -> !one.equals(GONE));
    };
  }

  @Test
  void listsFamiliesAndDefinitionsWhateverThePages() {
    var random = new Random(3);
    var model = new TreeMap<String, List<String>>();
    for (String name : List.of("a", "ab", "ab-1", "ab_2", "b", "ba", "c", "d", "e", "f", "g")) {
      var revisions = new ArrayList<String>();
      boolean retired = random.nextBoolean();
      for (int i = random.nextInt(150); i >= 0; i--) {
        revisions.add(STATUS.get(random.nextInt(retired ? 1 : 0, STATUS.size())));
      }
      model.put(name, revisions);
      family(name, revisions);
    }
    for (int size : new int[] {1, 2, 3, 100}) {
      for (String status : List.of("ACTIVE", "INACTIVE", "ALL")) {
        for (String prefix : List.of("", "a", "ab", "abc", "g")) {
          assertThat(families(prefix, status, size))
              .as("%s of `%s` in pages of %d", status, prefix, size)
              .isEqualTo(
                  model.entrySet().stream()
                      .filter(e -> e.getKey().startsWith(prefix) && listed(e.getValue(), status))
                      .map(Map.Entry::getKey)
                      .toList());
        }
      }
      List<String> oldestFirst = definitions("ASC", size);
      assertThat(definitions("DESC", size)).isEqualTo(oldestFirst.reversed());
    }
  }

  @Test
  void readsWhatAPageOfFamiliesTakesHoweverManyRevisionsThereAre() {
    for (int i = 0; i < 300; i++) {
      family("f" + i, Collections.nCopies(20, "ACTIVE"));
    }
    f.store.reset();
    assertThat(families("", "ACTIVE", 10, null).families()).hasSize(10);
    assertThat(f.store.entries()).isBetween(20, 30);
    f.store.reset();
    assertThat(
            f.call(
                    "ListTaskDefinitions",
                    asked(10, null) + ",\"sort\":\"DESC\"}",
                    ListTaskDefinitionsResponse.class)
                .taskDefinitionArns())
        .hasSize(10);
    assertThat(f.store.entries()).isLessThan(20);
  }

  /** Whether a family is inactive shows only at its last revision: the next pages go on there. */
  @Test
  void looksAtABoundedNumberOfRevisionsForAPage() {
    int many = 2 * PageTokens.MOST_READ;
    family("long", Collections.nCopies(many, "INACTIVE"));
    family("next", List.of("INACTIVE"));
    f.store.reset();
    var page = families("", "INACTIVE", 10, null);
    assertThat(page.families()).isEmpty();
    assertThat(page.nextToken()).isNotNull();
    assertThat(f.store.entries()).isLessThan(PageTokens.MOST_READ + 300);
    assertThat(families("", "INACTIVE", 10)).containsExactly("long", "next");
  }

  private static ContainerInstance instance(int number) {
    JsonObject document =
        (JsonObject)
            Json.parse(
                "{\"attributes\":[{\"name\":\"rack\",\"value\":\"r%d\"},{\"name\":\"ssd\"}]}"
                    .formatted(number % 3)
                    .getBytes(StandardCharsets.UTF_8));
    return new ContainerInstance(
        new ContainerInstance.Key(
            Fixture.ACCOUNT, Fixture.REGION, "shop", "%05d".formatted(number)),
        "host" + number,
        null,
        number % 5 == 0 ? ContainerInstance.Status.INACTIVE : ContainerInstance.Status.ACTIVE,
        java.time.Instant.EPOCH,
        document,
        0,
        0);
  }

  private ListAttributesResponse attributes(String more, int size, @Nullable String token) {
    return f.call(
        "ListAttributes",
        asked(size, token)
            + ",\"cluster\":\"shop\",\"targetType\":\"container-instance\""
            + more
            + "}",
        ListAttributesResponse.class);
  }

  private List<String> attributes(String more, int size) {
    var found = new ArrayList<String>();
    String token = null;
    do {
      var page = attributes(more, size, token);
      for (Attribute one : page.attributes()) {
        String id = String.valueOf(one.targetId());
        found.add(id.substring(id.lastIndexOf('/') + 1) + " " + one.name() + " " + one.value());
      }
      token = page.nextToken();
    } while (token != null);
    return found;
  }

  @Test
  void readsThePageOfAttributesThatItShows() {
    Scenes.cluster(f);
    f.state.own(
        tx -> {
          for (int i = 0; i < 300; i++) {
            tx.put(EcsTables.INSTANCES, Fixture.ACCOUNT, instance(i).key(), instance(i));
          }
          return f;
        });
    var expected = new ArrayList<String>();
    for (int i = 0; i < 300; i++) {
      if (i % 5 > 0) {
        expected.add("%05d rack r%d".formatted(i, i % 3));
        expected.add("%05d ssd null".formatted(i));
      }
    }
    assertThat(attributes("", 7)).isEqualTo(expected);
    assertThat(attributes(",\"attributeName\":\"rack\",\"attributeValue\":\"r1\"", 7))
        .isEqualTo(expected.stream().filter(one -> one.endsWith("rack r1")).toList());
    f.store.reset();
    assertThat(attributes("", 10, null).attributes()).hasSize(10);
    // Instances out of their cluster are passed over, by a piece more.
    assertThat(f.store.entries()).isLessThan(250);
  }
}
