// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;

/**
 * Generates the wire shapes: {@code Main MODELS_DIR OPERATIONS_FILE OUTPUT_DIR}. Files whose
 * content has not changed are not touched, so an unchanged model costs no compilation.
 */
public final class Main {
  private Main() {}

  public static void main(String[] args) throws IOException {
    Path models = Path.of(args[0]);
    var operations = new Properties();
    operations.load(new StringReader(Files.readString(Path.of(args[1]))));
    Path output = Path.of(args[2]);
    var written = new HashSet<Path>();
    for (String service : operations.stringPropertyNames()) {
      List<String> served =
          Arrays.stream(operations.getProperty(service).split(",")).map(String::strip).toList();
      service(Model.load(models, service, served), output, written);
    }
    deleteStale(output, written);
  }

  private static void service(Model model, Path output, Set<Path> written) throws IOException {
    String packageName = "dev.holdfast.aws." + model.name();
    Path folder = output.resolve(packageName.replace('.', '/'));
    Files.createDirectories(folder);
    String prefix = Names.service(model.name());
    var shapes = new ShapeWriter(model, packageName);
    for (String name : model.structures()) {
      put(folder.resolve(Names.type(name) + ".java"), shapes.write(name), written);
    }
    var service = new ServiceWriter(model, packageName);
    put(folder.resolve(prefix + "Model.java"), service.operations(), written);
    put(folder.resolve(prefix + "Error.java"), service.errors(), written);
    put(
        folder.resolve("package-info.java"),
        "// Generated from models/"
            + model.name()
            + ".json\n/** Wire shapes of "
            + prefix
            + ". */\n@NullMarked\npackage "
            + packageName
            + ";\n\nimport org.jspecify.annotations.NullMarked;\n",
        written);
  }

  private static void put(Path file, String text, Set<Path> written) throws IOException {
    written.add(file);
    if (!Files.exists(file) || !Files.readString(file).equals(text)) {
      Files.write(file, text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static void deleteStale(Path output, Set<Path> written) throws IOException {
    try (var files = Files.walk(output)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (!written.contains(file)) {
          Files.delete(file);
        }
      }
    }
  }
}
