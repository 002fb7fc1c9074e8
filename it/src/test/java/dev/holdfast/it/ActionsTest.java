// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;
import dev.holdfast.service.UnsignedOperation;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Actions and resources are AWS's own, so that policies written for AWS mean the same here.
 *
 * @see <a href="https://docs.aws.amazon.com/service-authorization/latest/reference/">Service
 *     authorization reference</a>
 */
class ActionsTest {
  /** Actions that AWS has for more than one operation, by the operation they stand in for. */
  private static final Map<String, String> OTHER_NAME = Map.of();

  /** AWS documents these without a resource and names one, the path, in its denials. */
  private static final Map<String, String> BY_PATH =
      Map.of(
          "iam:ListGroups", "group/",
          "iam:ListInstanceProfiles", "instance-profile/",
          "iam:ListPolicies", "policy/",
          "iam:ListRoles", "role/",
          "iam:ListUsers", "user/");

  private static Harbor harbor;
  private static SmallestRequest requests;
  private static Harbor.User user;
  private static Map<String, Row> rows;

  /**
   * What AWS documents of an action.
   *
   * @param required whether the action names a resource in every call
   */
  private record Row(List<Pattern> arns, boolean required) {}

  @BeforeAll
  static void open() throws IOException {
    harbor = Harbor.open();
    requests = Cargo.load(harbor).requests();
    user = harbor.user("reader");
    rows = AwsActions.read(ActionsTest::row);
  }

  @AfterAll
  static void close() throws IOException {
    harbor.close();
  }

  private static Row row(String[] cells) {
    List<Pattern> arns =
        Stream.of(cells[3].split(" ", -1))
            .filter(format -> !format.isEmpty())
            .map(AwsActions::pattern)
            .toList();
    return new Row(arns, cells[2].contains("*"));
  }

  private static List<Demand> demands(Operation<?, ?> operation) {
    if (operation instanceof UnsignedOperation) {
      return List.of(); // it demands what its token says: WebIdentityDoorTest
    }
    JsonObject in = requests.of(operation.model());
    return harbor.access(operation, in, user).demands();
  }

  @Test
  void everyActionIsAwsOwn() {
    var wrong = new TreeSet<String>();
    for (Operation<?, ?> operation : harbor.operations()) {
      for (Demand demand : demands(operation)) {
        if (!rows.containsKey(demand.action())) {
          wrong.add(operation.model() + " demands " + demand.action());
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void everyOperationDemandsTheActionOfItsName() {
    var wrong = new TreeSet<String>();
    for (Operation<?, ?> operation : harbor.operations()) {
      String own = operation.model().toString();
      String expected = OTHER_NAME.getOrDefault(own, own);
      List<Demand> demands = demands(operation);
      if (!demands.isEmpty() && !demands.getFirst().action().equals(expected)) {
        wrong.add(own + " demands " + demands.getFirst().action());
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void everyResourceHasAFormOfItsAction() {
    var wrong = new TreeSet<String>();
    for (Operation<?, ?> operation : harbor.operations()) {
      for (Demand demand : demands(operation)) {
        Row row = rows.get(demand.action());
        String path = BY_PATH.getOrDefault(demand.action(), "none");
        boolean byPath = demand.resource().equals("arn:aws:iam::" + harbor.account() + ":" + path);
        if (row != null && !byPath && !fits(row, demand.resource())) {
          wrong.add(
              "%s demands %s on %s; AWS has %s"
                  .formatted(operation.model(), demand.action(), demand.resource(), row.arns()));
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  private static boolean fits(Row row, String resource) {
    return resource.equals("*")
        ? row.arns().isEmpty() || !row.required()
        : row.arns().stream().anyMatch(p -> p.matcher(resource).matches());
  }
}
