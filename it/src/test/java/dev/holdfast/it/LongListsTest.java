// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.Malformed;
import dev.holdfast.aws.Schema;
import dev.holdfast.aws.Type;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonNumber;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.JsonValue.JsonString;
import dev.holdfast.service.Access;
import dev.holdfast.service.Operation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Lists without end, walked through every operation: what a call names is bounded before each of it
 * is demanded of anybody, wherever in the input a list is that the model itself does not bound.
 */
class LongListsTest {
  /** More than any operation is for at once, and less than a body may hold. */
  private static final int MANY = 11_000;

  /** Demands that one call may have judged. */
  private static final int MOST = 1_000;

  /** Values of condition keys that one call may have judged. */
  private static final int MOST_VALUES = 10_000;

  /** How deep in an input lists are looked for. */
  private static final int DEEPEST = 4;

  private static Harbor harbor;
  private static SmallestRequest requests;
  private static Harbor.User caller;

  /** A list somewhere in an operation's input: the members that lead to it. */
  private record Place(Operation<?, ?> operation, List<Schema.Member> path) {
    Type.ListType type() {
      return (Type.ListType) path.getLast().type();
    }

    @Override
    public String toString() {
      return operation.model()
          + "."
          + String.join(".", path.stream().map(Schema.Member::name).toList());
    }

    /** The request with this in the place of the list; what lies around it has what it needs. */
    JsonObject with(JsonObject request, JsonValue list) {
      return (JsonObject) with(request, list, 0);
    }

    private JsonValue with(JsonObject around, JsonValue list, int depth) {
      Schema.Member member = path.get(depth);
      if (depth == path.size() - 1) {
        return around.with(member.name(), list);
      }
      JsonValue there = around.members().get(member.name());
      if (member.type() instanceof Type.StructureType nested) {
        JsonObject inner =
            there instanceof JsonObject known ? known : filled(nested.schema(), 0, DEEPEST);
        return around.with(member.name(), with(inner, list, depth + 1));
      }
      Schema item = ((Type.StructureType) ((Type.ListType) member.type()).item()).schema();
      JsonObject first =
          there instanceof JsonArray(var items)
                  && !items.isEmpty()
                  && items.getFirst() instanceof JsonObject known
              ? known
              : filled(item, 0, DEEPEST);
      return around.with(member.name(), new JsonArray(List.of(with(first, list, depth + 1))));
    }
  }

  @BeforeAll
  static void open() throws IOException {
    harbor = Harbor.open();
    requests = Cargo.load(harbor).requests();
    caller = harbor.user("lists");
  }

  @AfterAll
  static void close() throws IOException {
    harbor.close();
  }

  private static List<Place> places() {
    var places = new ArrayList<Place>();
    OperationContractTest.signed(harbor)
        .forEach(operation -> find(operation, operation.model().input(), List.of(), places));
    return places;
  }

  private static void find(
      Operation<?, ?> operation, Schema schema, List<Schema.Member> path, List<Place> places) {
    if (path.size() == DEEPEST) {
      return;
    }
    for (Schema.Member member : schema.members()) {
      var longer = new ArrayList<>(path);
      longer.add(member);
      switch (member.type()) {
        case Type.ListType list -> {
          if (list.max() > MOST) {
            places.add(new Place(operation, longer));
          }
          if (list.item() instanceof Type.StructureType item) {
            find(operation, item.schema(), longer, places);
          }
        }
        case Type.StructureType nested -> find(operation, nested.schema(), longer, places);
        default -> {}
      }
    }
  }

  /** A structure with everything in it, each text another one for each number. */
  private static JsonObject filled(Schema schema, int number, int depth) {
    JsonObject object = JsonObject.EMPTY;
    for (Schema.Member member : schema.members()) {
      JsonValue value = value(member.type(), number, depth - 1);
      if (value != null) {
        object = object.with(member.name(), value);
      }
    }
    return object;
  }

  private static @Nullable JsonValue value(Type type, int number, int depth) {
    return switch (type) {
      case Type.StringType text when !text.values().isEmpty() ->
          new JsonString(text.values().getFirst());
      case Type.StringType _ -> new JsonString("n" + number);
      case Type.IntegerType whole -> JsonNumber.of(Math.max(1, whole.min()));
      case Type.DecimalType _ -> JsonNumber.of(1);
      case Type.BooleanType _ -> new JsonValue.JsonBool(false);
      case Type.TimestampType _ -> JsonNumber.of(1_700_000_000L);
      case Type.BlobType _ -> new JsonString("c2hpcA==");
      case Type.StructureType nested when depth > 0 -> filled(nested.schema(), number, depth);
      case Type.ListType list when depth > 0 -> {
        JsonValue item = value(list.item(), number, depth);
        yield item == null ? null : new JsonArray(List.of(item));
      }
      default -> null;
    };
  }

  private static JsonArray list(int count, IntFunction<? extends JsonValue> item) {
    return new JsonArray(List.copyOf(IntStream.range(0, count).mapToObj(item).toList()));
  }

  /** The list in several forms: of short names, of what is there, and of what almost is. */
  private static List<JsonArray> forms(Place place, JsonObject request) {
    Type item = place.type().item();
    var forms = new ArrayList<JsonArray>();
    if (item instanceof Type.StructureType structure) {
      forms.add(list(MOST + 1, i -> filled(structure.schema(), i, 1)));
      forms.add(list(MOST + 1, i -> filled(structure.schema(), i, DEEPEST)));
    } else {
      forms.add(list(MANY, i -> Objects.requireNonNull(value(item, i, 1))));
    }
    if (request.members().get(place.path().getFirst().name()) instanceof JsonArray(var items)
        && place.path().size() == 1
        && !items.isEmpty()) {
      JsonValue known = items.getFirst();
      forms.add(list(MOST + 1, _ -> known));
      if (known instanceof JsonString(var text)) {
        forms.add(list(MANY, i -> new JsonString(text + i)));
      }
    }
    return forms;
  }

  /** So many demands, or a refusal; what gives conditions too many values, the door refuses. */
  private static void holds(Place place, JsonObject in) {
    Access access;
    try {
      access = harbor.access(place.operation(), in, caller);
    } catch (ApiError | Malformed _) {
      return; // by the operation; or as JSON, where it is as long as a body may be
    }
    assertThat(access.demands().size()).as("demands").isLessThanOrEqualTo(MOST);
    if (access.values() > MOST_VALUES) {
      assertThat(harbor.attempt(caller.credentials(), place.operation(), in))
          .get()
          .extracting(ApiError::shape)
          .isEqualTo(place.operation().model().service().validationError());
    }
  }

  @TestFactory
  Stream<DynamicTest> whatACallNamesIsBoundedBeforeItIsDemanded() {
    return places().stream()
        .map(
            place ->
                DynamicTest.dynamicTest(
                    place.toString(),
                    () -> {
                      JsonObject request = requests.of(place.operation().model());
                      for (JsonArray list : forms(place, request)) {
                        holds(place, place.with(request, list));
                      }
                    }));
  }

  /** What AWS takes at most, in a list of names that its models do not bound. */
  private record Limit(String operation, String member, int most, String refusal) {
    private static Limit of(String operation, String member, int most, String list) {
      return new Limit(
          "ecs:" + operation,
          member,
          most,
          "InvalidParameterException: %s list cannot have more than %d elements."
              .formatted(list, most));
    }

    JsonObject in(int count) {
      Operation<?, ?> served = served();
      JsonObject request = requests.of(served.model());
      String known =
          request.members().get(member) instanceof JsonArray(var items)
                  && !items.isEmpty()
                  && items.getFirst() instanceof JsonString(var text)
              ? text
              : "a";
      return request.with(
          member,
          new JsonArray(
              List.copyOf(
                  IntStream.range(0, count).mapToObj(i -> new JsonString(known + i)).toList())));
    }

    Operation<?, ?> served() {
      return harbor.operation(operation).orElseThrow();
    }

    @Override
    public String toString() {
      return operation + "." + member;
    }
  }

  private static final List<Limit> LIMITS =
      List.of(
          Limit.of("DescribeTasks", "tasks", 100, "Tasks"),
          Limit.of("GetTaskProtection", "tasks", 100, "Tasks"),
          Limit.of("UpdateTaskProtection", "tasks", 10, "Tasks"),
          Limit.of("DescribeServices", "services", 10, "Services"),
          Limit.of("DescribeClusters", "clusters", 100, "Clusters"),
          Limit.of("DescribeContainerInstances", "containerInstances", 100, "Container instances"),
          Limit.of(
              "UpdateContainerInstancesState", "containerInstances", 10, "Container instances"),
          Limit.of("DeleteTaskDefinitions", "taskDefinitions", 10, "Task definitions"),
          Limit.of("DescribeCapacityProviders", "capacityProviders", 100, "Capacity providers"),
          Limit.of(
              "DescribeServiceDeployments", "serviceDeploymentArns", 20, "Service deployments"),
          Limit.of("DescribeServiceRevisions", "serviceRevisionArns", 20, "Service revisions"));

  /** As many as AWS takes are each demanded; one more is refused in AWS's words, to anybody. */
  @TestFactory
  Stream<DynamicTest> takesAsManyAsAwsAndNoMore() {
    return LIMITS.stream()
        .map(
            limit ->
                DynamicTest.dynamicTest(
                    limit.toString(),
                    () -> {
                      assertThat(
                              harbor
                                  .access(limit.served(), limit.in(limit.most()), caller)
                                  .demands())
                          .hasSizeGreaterThanOrEqualTo(limit.most());
                      assertThat(
                              harbor.attempt(
                                  caller.credentials(), limit.served(), limit.in(limit.most() + 1)))
                          .get()
                          .extracting(e -> e.code() + ": " + e.getMessage())
                          .isEqualTo(limit.refusal());
                    }));
  }
}
