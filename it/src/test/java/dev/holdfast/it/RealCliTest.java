// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.service.Operation;
import java.io.IOException;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/**
 * Every operation that is served, called by the real AWS CLI: the command is there, its request is
 * taken, and its answer is read.
 */
@Timeout(600)
class RealCliTest {
  private static Harbor harbor;
  private static SmallestRequest requests;
  private static RealCli cli;

  @BeforeAll
  static void open() throws Exception {
    Optional<String> python = RealCli.python();
    assumeTrue(python.isPresent(), "no aws-cli 1 of PyPI was found");
    harbor = Harbor.open();
    requests = Cargo.load(harbor).requests();
    Harbor.User user = harbor.user("exact");
    harbor.policy(
        user,
        Json.parseObject(
            """
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"""));
    cli =
        RealCli.start(
            python.get(), harbor.platform().url(), user.credentials(), Harbor.REGION.name());
  }

  @AfterAll
  static void close() throws IOException {
    if (cli != null) {
      cli.close();
    }
    if (harbor != null) {
      harbor.close();
    }
  }

  @TestFactory
  Stream<DynamicTest> theRealCliCallsEachOperation() {
    return OperationContractTest.signed(harbor)
        .sorted(Comparator.comparingInt(o -> OperationContractTest.turn(o.model().name())))
        .map(o -> DynamicTest.dynamicTest(o.model().toString(), () -> call(o)));
  }

  private static void call(Operation<?, ?> operation) throws IOException {
    String name = operation.model().toString();
    RealCli.Said said = cli.run(operation.model(), requests.of(operation.model()));
    String error = OperationContractTest.ALLOWED_BUT.get(name);
    if (error == null) {
      assertThat(said.code()).as("%s: %s", said.words(), said.err()).isZero();
      assertThat(said.err()).as(said.words()).isEmpty();
      if (said.out().startsWith("{")) {
        JsonObject _ = Json.parseObject(said.out());
      }
      return;
    }
    int colon = error.indexOf(": ");
    assertThat(said.err())
        .as(said.words())
        .contains(
            "(%s) when calling the %s operation: %s"
                .formatted(
                    error.substring(0, colon),
                    operation.model().name(),
                    error.substring(colon + 2)));
    assertThat(said.code()).isNotZero();
  }
}
