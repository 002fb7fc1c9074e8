// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.holdfast.app.TestPlatform;
import dev.holdfast.store.Table;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The shape of every row is that of the store's format. A change makes another format, so that no
 * older version opens what it would lose members of: decision 0010 says how.
 */
final class ShapesTest {
  private static final String KNOWN = "shapes/format-7.txt";

  @Test
  void everyRowHasTheShapeOfTheFormat() throws Exception {
    String now = shapes();
    Path written = Path.of("target", "shapes.txt");
    Files.createDirectories(Objects.requireNonNull(written.getParent()));
    Files.writeString(written, now);
    assertThat(now)
        .as(
            """
            a row's shape is not that of the store's format. Where that format is not released yet, \
            copy it/target/shapes.txt over it/src/test/resources/%s; otherwise raise Layout.FORMAT \
            (docs/decisions/0010-formats-and-versions.md)"""
                .formatted(KNOWN))
        .isEqualTo(known());
  }

  @Test
  void everyTableIsChecked() throws Exception {
    List<String> declared =
        shapes()
            .lines()
            .filter(line -> line.startsWith("table "))
            .map(line -> line.substring("table ".length(), line.indexOf(" = ")))
            .toList();
    try (TestPlatform platform = TestPlatform.start()) {
      assertThat(platform.checkedTables()).containsExactlyInAnyOrderElementsOf(declared);
    }
  }

  private static String known() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(ShapesTest.class.getResourceAsStream("/" + KNOWN), KNOWN)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String shapes() throws ReflectiveOperationException {
    Map<String, String> all = new TreeMap<>();
    for (JavaClass in :
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.holdfast")) {
      for (JavaField field : in.getFields()) {
        if (field.getRawType().isEquivalentTo(Table.class)
            && field.getModifiers().contains(JavaModifier.STATIC)) {
          Field declared = Class.forName(in.getName()).getDeclaredField(field.getName());
          declared.setAccessible(true);
          Table<?, ?> table = (Table<?, ?>) Objects.requireNonNull(declared.get(null));
          ParameterizedType type = (ParameterizedType) declared.getGenericType();
          all.put("table " + table.name(), type.getActualTypeArguments()[1].getTypeName());
          shape(type.getActualTypeArguments()[1], all);
        }
      }
    }
    return all.entrySet().stream()
        .map(e -> e.getKey() + " = " + e.getValue() + "\n")
        .collect(Collectors.joining());
  }

  private static void shape(Type type, Map<String, String> all) {
    if (type instanceof ParameterizedType generic) {
      Arrays.stream(generic.getActualTypeArguments()).forEach(argument -> shape(argument, all));
      return;
    }
    if (!(type instanceof Class<?> c)
        || !c.getName().startsWith("dev.holdfast")
        || c.getName().startsWith("dev.holdfast.kit.JsonValue")
        || all.containsKey(c.getTypeName())) {
      return;
    }
    if (c.isEnum()) {
      all.put(
          c.getTypeName(),
          Arrays.stream(c.getEnumConstants())
              .map(Object::toString)
              .collect(Collectors.joining("|")));
    } else if (c.isRecord()) {
      all.put(
          c.getTypeName(),
          Arrays.stream(c.getRecordComponents())
              .map(part -> part.getName() + ":" + part.getGenericType().getTypeName())
              .collect(Collectors.joining(", ")));
      for (RecordComponent part : c.getRecordComponents()) {
        shape(part.getGenericType(), all);
      }
    } else if (c.isSealed()) {
      all.put(
          c.getTypeName(),
          Arrays.stream(c.getPermittedSubclasses())
              .map(Class::getTypeName)
              .collect(Collectors.joining("|")));
      Arrays.stream(c.getPermittedSubclasses()).forEach(one -> shape(one, all));
    }
  }
}
