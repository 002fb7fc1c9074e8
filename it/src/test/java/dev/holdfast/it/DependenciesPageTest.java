// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/**
 * Everything that the POMs name has a fixed version, a line in docs/dependencies.md that says why,
 * a review in docs/vulnerabilities.md, and a pinned file; and every library that comes with it is
 * listed.
 */
class DependenciesPageTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern ROW =
      Pattern.compile("^\\| `([^`|]+:[^`|]+)` \\| ([^|]+?) \\| (.+) \\|$", Pattern.MULTILINE);
  private static final Pattern FIXED = Pattern.compile("[0-9]+(\\.[0-9A-Za-z]+)*(-[0-9A-Za-z]+)*");

  /** What Maven binds to a jar's life by itself, each release of Maven in another version. */
  private static final List<String> BOUND =
      List.of("clean", "resources", "compiler", "surefire", "jar", "install", "deploy", "site");

  private final Map<String, String> named = new TreeMap<>();
  private final Set<String> unversioned = new TreeSet<>();
  private final Map<String, String> rows = new TreeMap<>();
  private final String page;

  DependenciesPageTest() throws Exception {
    var properties = new HashMap<String, String>();
    for (Path pom : poms()) {
      Document document =
          DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(pom.toFile());
      var block = document.getElementsByTagName("properties");
      for (int i = 0; i < block.getLength(); i++) {
        var children = block.item(i).getChildNodes();
        for (int j = 0; j < children.getLength(); j++) {
          properties.put(children.item(j).getNodeName(), children.item(j).getTextContent().strip());
        }
      }
      for (String kind : List.of("dependency", "plugin", "path")) {
        var elements = document.getElementsByTagName(kind);
        for (int i = 0; i < elements.getLength(); i++) {
          name((Element) elements.item(i), properties);
        }
      }
    }
    page = Files.readString(ROOT.resolve("docs/dependencies.md"));
    for (var row = ROW.matcher(page); row.find(); ) {
      rows.put(row.group(1), row.group(2));
    }
  }

  private static List<Path> poms() throws IOException {
    var poms = new ArrayList<Path>(List.of(ROOT.resolve("pom.xml")));
    try (var modules = Files.list(ROOT)) {
      modules
          .map(m -> m.resolve("pom.xml"))
          .filter(Files::isRegularFile)
          .sorted()
          .forEach(poms::add);
    }
    return poms;
  }

  private void name(Element element, Map<String, String> properties) {
    String group = child(element, "groupId");
    String artifact = child(element, "artifactId");
    if (group.equals("dev.holdfast")) {
      return;
    }
    String name = (group.isEmpty() ? "org.apache.maven.plugins" : group) + ":" + artifact;
    String version = child(element, "version");
    if (version.startsWith("${")) {
      version = properties.getOrDefault(version.substring(2, version.length() - 1), version);
    }
    if (version.isEmpty()) {
      unversioned.add(name);
    } else {
      assertThat(named.getOrDefault(name, version)).as(name).isEqualTo(version);
      named.put(name, version);
    }
  }

  private static String child(Element element, String name) {
    var children = element.getChildNodes();
    for (int i = 0; i < children.getLength(); i++) {
      if (children.item(i).getNodeName().equals(name)) {
        return children.item(i).getTextContent().strip();
      }
    }
    return "";
  }

  @Test
  void readsThePoms() {
    assertThat(named)
        .containsKeys("tools.jackson.core:jackson-core", "com.uber.nullaway:nullaway")
        .hasSizeGreaterThan(20);
  }

  @Test
  void hasOneFixedVersionOfEachDependencyAndPlugin() {
    assertThat(unversioned).isSubsetOf(named.keySet());
    assertThat(named.values()).allMatch(version -> FIXED.matcher(version).matches());
    assertThat(named.keySet())
        .containsAll(
            BOUND.stream().map(b -> "org.apache.maven.plugins:maven-" + b + "-plugin").toList());
  }

  @Test
  void saysWhyEachDependencyAndPluginIsThereAndOfNoOther() {
    assertThat(rows).isEqualTo(named);
  }

  @Test
  void listsEveryLibraryThatComesWithThem() {
    var unlisted = new TreeSet<String>();
    for (String entry : System.getProperty("java.class.path").split(":", -1)) {
      if (entry.endsWith(".jar")
          && !entry.contains("/dev/holdfast/")
          && !entry.contains("/target/")) {
        String[] place =
            entry.split("/", -1); // .../ARTIFACT/VERSION/FILE, in every local repository
        String version = place[place.length - 2];
        String artifact = place[place.length - 3];
        if (!page.contains("`" + artifact + "` " + version) && !version.equals(version(artifact))) {
          unlisted.add("`" + artifact + "` " + version);
        }
      }
    }
    assertThat(unlisted).isEmpty();
  }

  private String version(String artifact) {
    return rows.entrySet().stream()
        .filter(row -> row.getKey().endsWith(":" + artifact))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse("");
  }

  @Test
  void reviewsTheWeaknessesOfEachAtItsVersion() throws IOException {
    String reviews = Files.readString(ROOT.resolve("docs/vulnerabilities.md"));
    assertThat(
            named.entrySet().stream()
                .map(entry -> "`" + entry.getKey() + "` " + entry.getValue())
                .filter(reviewed -> !reviews.contains(reviewed))
                .toList())
        .isEmpty();
  }

  @Test
  void pinsTheFilesOfEach() throws IOException {
    Set<String> pinned =
        Files.readAllLines(ROOT.resolve(".mvn/checksums/checksums.sha256")).stream()
            .filter(line -> line.matches("[0-9a-f]{64} {2}.+"))
            .map(line -> line.substring(66, line.lastIndexOf('/')))
            .collect(Collectors.toSet());
    assertThat(
            named.entrySet().stream()
                // Named, so that nobody else chooses the version, and never run.
                .filter(entry -> !entry.getKey().matches(".*:maven-(install|deploy|site)-plugin"))
                .map(e -> path(e.getKey(), e.getValue()))
                .filter(path -> !pinned.contains(path))
                .toList())
        .isEmpty();
  }

  private static String path(String name, String version) {
    int colon = name.indexOf(':');
    return name.substring(0, colon).replace('.', '/')
        + "/"
        + name.substring(colon + 1)
        + "/"
        + version;
  }
}
