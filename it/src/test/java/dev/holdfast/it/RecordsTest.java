// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.holdfast.aws.Shape;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Region;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A record that holds a secret never prints it, in whatever text it ends up. */
class RecordsTest {
  private static final String CANARY = "canary-7f3a";

  /** What a component is called that is a secret, or holds some. */
  private static final Pattern SECRET =
      Pattern.compile("(?i).*(secret|password|token|privateKey|plain|derivation|value).*");

  /** Those that hold no secret under such a name, with the reason. */
  private static final Map<String, String> HARMLESS =
      Map.ofEntries(
          Map.entry("dev.holdfast.ecs.model.ContainerSpec$Secret", "where a secret comes from"),
          Map.entry("dev.holdfast.ecs.model.Task$ResolvedSecret", "where a secret comes from"),
          Map.entry(
              "dev.holdfast.aws.agent.PayloadContainer$SecretReference",
              "where a secret comes from"),
          Map.entry("dev.holdfast.ecs.api.ListAttributes$Held", "an attribute of a host"),
          Map.entry("dev.holdfast.ecs.api.Pages$Wanted", "a pagination token, sealed"),
          Map.entry("dev.holdfast.service.ClientTokens$Key", "a caller's idempotency token"),
          Map.entry("dev.holdfast.ecs.model.Cluster$Setting", "a setting of a cluster"),
          Map.entry("dev.holdfast.ecs.model.AccountSetting", "a setting of an account"),
          Map.entry("dev.holdfast.ecs.model.ContainerSpec$SystemControl", "a kernel parameter"),
          Map.entry("dev.holdfast.trail.api.Search$Attribute", "what events are looked up by"),
          Map.entry("dev.holdfast.kit.JsonValue$JsonString", "any text"));

  private static Stream<Class<?>> records() {
    return new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("dev.holdfast")
            .stream()
            .filter(JavaClass::isRecord)
            .<Class<?>>map(JavaClass::reflect)
            .filter(type -> !Shape.class.isAssignableFrom(type)); // their models say what is secret
  }

  @Test
  void noRecordPrintsASecret() throws ReflectiveOperationException {
    var printed = new ArrayList<String>();
    int made = 0;
    for (Class<?> type : records().toList()) {
      boolean suspect =
          Arrays.stream(type.getRecordComponents())
              .anyMatch(c -> c.getType() == String.class && SECRET.matcher(c.getName()).matches());
      if (suspect && !HARMLESS.containsKey(type.getName())) {
        Object record = make(type);
        if (record == null) {
          continue; // its own rules refuse what is made up here
        }
        made++;
        if (record.toString().contains(CANARY)) {
          printed.add(type.getName());
        }
      }
    }
    assertThat(made).isGreaterThan(6);
    assertThat(printed).isEmpty();
  }

  @Test
  void theSearchWouldFindOne() throws ReflectiveOperationException {
    record Careless(String name, String secret, int number) {}
    assertThat(make(Careless.class)).hasToString("Careless[name=, secret=canary-7f3a, number=0]");
  }

  private static @Nullable Object make(Class<?> type) throws ReflectiveOperationException {
    RecordComponent[] components = type.getRecordComponents();
    Constructor<?> constructor =
        type.getDeclaredConstructor(
            Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
    constructor.setAccessible(true);
    @Nullable Object[] arguments = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      arguments[i] = value(components[i]);
    }
    try {
      return constructor.newInstance(arguments);
    } catch (InvocationTargetException _) {
      return null;
    }
  }

  private static @Nullable Object value(RecordComponent component) {
    Class<?> type = component.getType();
    if (type == String.class) {
      return SECRET.matcher(component.getName()).matches() ? CANARY : "";
    }
    if (type == boolean.class) {
      return false;
    }
    if (type == long.class) {
      return 0L;
    }
    if (type == int.class) {
      return 0;
    }
    if (type == List.class) {
      return List.of();
    }
    if (type == Set.class) {
      return Set.of();
    }
    if (type == Map.class) {
      return Map.of();
    }
    if (type == Optional.class) {
      return Optional.empty();
    }
    if (type == Region.class) {
      return new Region("us-east-1");
    }
    if (type == AccountId.class) {
      return new AccountId("111122223333");
    }
    return type == Instant.class ? Instant.EPOCH : null;
  }
}
