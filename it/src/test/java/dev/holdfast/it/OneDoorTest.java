// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.holdfast.http.HttpHandler;
import dev.holdfast.http.HttpServer;
import dev.holdfast.service.Guard;
import dev.holdfast.service.Operation;
import dev.holdfast.service.Route;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * There is one way to an operation, and few that listen: whoever adds another has to add it here,
 * and say which test holds it.
 */
class OneDoorTest {
  private static JavaClasses ours;

  @BeforeAll
  static void read() {
    ours =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("dev.holdfast");
  }

  /** The outermost classes that call a method. */
  private static Set<String> callers(Predicate<JavaMethodCall> wanted) {
    return ours.stream()
        .flatMap(c -> c.getMethodCallsFromSelf().stream())
        .filter(wanted)
        .map(call -> outermost(call.getOriginOwner()))
        .filter(name -> !name.startsWith("dev.holdfast.bench."))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String outermost(JavaClass inner) {
    JavaClass at = inner;
    while (at.getEnclosingClass().isPresent()) {
      at = at.getEnclosingClass().get();
    }
    return at.getName();
  }

  private static Predicate<JavaMethodCall> to(Class<?> owner, String name) {
    return call ->
        call.getName().equals(name)
            && call.getTargetOwner().isAssignableTo(owner)
            && !call.getOriginOwner().equals(call.getTargetOwner());
  }

  @Test
  void operationsAreHandledBehindTheGuardAlone() {
    assertThat(callers(to(Operation.class, "handle")))
        .as("OperationContractTest and DoorTest hold this door")
        .containsExactly(
            "dev.holdfast.gateway.AwsCalls",
            "dev.holdfast.registry.api.Judged"); // an operation itself, around another one
    assertThat(
            callers(
                call ->
                    call.getName().equals("handle")
                        && call.getTargetOwner()
                            .isAssignableTo("dev.holdfast.registry.oci.OciOperation")))
        .as("RegistryDoorTest holds this door")
        .containsExactly("dev.holdfast.registry.oci.OciHandler");
    assertThat(callers(to(Guard.class, "require")))
        .contains("dev.holdfast.gateway.AwsCalls", "dev.holdfast.registry.oci.OciHandler");
  }

  @Test
  void requestsAreHandledByTheseAlone() {
    Set<String> handlers =
        ours.stream()
            .filter(c -> c.isAssignableTo(HttpHandler.class) && !c.isInterface())
            .map(OneDoorTest::outermost)
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(handlers)
        .containsExactly(
            "dev.holdfast.app.AdminDoor", // AdminDoorTest, test/refusals.sh
            "dev.holdfast.app.FrontDoor", // before the gateway stands: 503 for everything
            "dev.holdfast.app.hosts.MachineDoor", // four targets behind the gateway: MachinesTest
            "dev.holdfast.gateway.Gateway", // DoorTest, BrowserDoorTest
            "dev.holdfast.registry.oci.OciHandler"); // RegistryDoorTest
  }

  @Test
  void routesAreMadeByTheseAlone() {
    Set<String> makers =
        ours.stream()
            .filter(
                c ->
                    !c.isEquivalentTo(Route.class)
                        && c.getConstructorCallsFromSelf().stream()
                            .anyMatch(call -> call.getTargetOwner().isEquivalentTo(Route.class)))
            .map(OneDoorTest::outermost)
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(makers)
        .containsExactly(
            "dev.holdfast.app.hosts.HostDoor", // over TLS alone: HostsTest
            "dev.holdfast.ecs.Ecs", // the agents' streams: StreamDoorTest
            "dev.holdfast.iam.api.issue.IssuerSite", // public keys, unsigned: IssuerDoorTest
            "dev.holdfast.registry.Registry");
  }

  @Test
  void theseListenAndNobodyElse() {
    assertThat(callers(to(HttpServer.class, "start")))
        .containsExactly(
            "dev.holdfast.agent.AgentControl", // a unix socket, for its owner alone
            "dev.holdfast.app.FrontDoor", // the network address
            "dev.holdfast.app.Server", // the admin socket
            "dev.holdfast.app.tls.OutwardDoors"); // TLS, behind the same handler: HostsTest
    assertThat(
            callers(
                call ->
                    call.getTargetOwner().getName().equals("com.sun.net.httpserver.HttpServer")
                        && call.getName().equals("create")))
        .as("the tasks' endpoint, on the bridge of each task")
        .containsExactly("dev.holdfast.agent.endpoint.AgentEndpoint");
    assertThat(
            callers(
                call ->
                    Set.of(
                                "java.net.ServerSocket",
                                "java.nio.channels.ServerSocketChannel",
                                "java.nio.channels.AsynchronousServerSocketChannel",
                                "java.net.DatagramSocket",
                                "java.nio.channels.DatagramChannel")
                            .contains(call.getTargetOwner().getName())
                        && Set.of("open", "bind", "accept").contains(call.getName())))
        .isSubsetOf(
            "dev.holdfast.app.cli.Doctor",
            "dev.holdfast.app.join.LoopbackForward"); // on another machine, with no right of its
    // own
  }
}
