// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import dev.holdfast.aws.ServiceModel;
import dev.holdfast.service.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * docs/operations.md as it follows from what the program serves, from AWS's models, and from {@code
 * models/differences}.
 */
final class OperationsPage {
  private static final Path DIFFERENCES = Path.of("../models/differences");
  private static final String NOT_SERVED = "not served";

  /** The services in the page's order, by the names of their models. */
  private static final Map<String, String> TITLES = new LinkedHashMap<>();

  static {
    TITLES.put("sts", "STS");
    TITLES.put("iam", "IAM");
    TITLES.put("kms", "KMS");
    TITLES.put("ssm", "Parameter Store (Systems Manager)");
    TITLES.put("secretsmanager", "Secrets Manager");
    TITLES.put("logs", "CloudWatch Logs");
    TITLES.put("ecr", "ECR");
    TITLES.put("ecs", "ECS");
    TITLES.put("cloudtrail", "CloudTrail");
  }

  private static final String HEAD =
      """
      # What is served

      Operation by operation, what differs from AWS and why. This page is made of what the program serves and of
      `models/differences`; a test compares it (`OperationsPageTest`), and another (`RealCliTest`) calls each operation but
      `AssumeRoleWithWebIdentity`, which bears no signature, by the real AWS CLI. What AWS has and is not served is answered, after
      authentication, with HTTP 400 `UnknownOperationException` or `InvalidAction` and a text that names it, and counted in
      `./holdfast status`. What becomes of each field of a task definition: [task-definitions.md](task-definitions.md).

      What holds everywhere: a token of a listing is good for the principal, the operation and the filters that it was made
      for, and for nothing else. A member that is not read is either in the [table at the end](#members-that-are-taken-and-have-no-effect)
      or refused by name. A resource has at most 50 tags.
      """;

  private static final String MEMBERS =
      """

      The registry also serves the OCI distribution API under `/v2/`.

      ## Members that are taken and have no effect

      Everything else of a served operation is read, or refused by name.

      | member | why it changes nothing |
      | --- | --- |
      """;

  private final Map<ServiceModel, Set<String>> served;

  private OperationsPage(Map<ServiceModel, Set<String>> served) {
    this.served = served;
  }

  /** What one line of the differences says of several operations. */
  private record Line(List<String> operations, String text) {
    boolean served() {
      return !text.startsWith(NOT_SERVED);
    }

    String row() {
      String said = served() ? text : text.substring(text.indexOf(": ") + 2);
      String names = operations.stream().map(n -> "`" + n + "`").collect(Collectors.joining(", "));
      return "| " + names + " | " + said + " |\n";
    }
  }

  static OperationsPage of(Collection<Operation<?, ?>> operations) {
    var served = new LinkedHashMap<ServiceModel, Set<String>>();
    for (Operation<?, ?> operation : operations) {
      served
          .computeIfAbsent(operation.model().service(), _ -> new TreeSet<>())
          .add(operation.model().name());
    }
    return new OperationsPage(served);
  }

  /** What is wrong with the lines: each operation that AWS has is in one of them, as it is. */
  List<String> faults() throws IOException {
    var faults = new ArrayList<String>();
    for (var each : served.entrySet()) {
      ServiceModel service = each.getKey();
      if (!TITLES.containsKey(service.name())) {
        faults.add("the page has no place for " + service.name());
        continue;
      }
      var missing = new TreeSet<>(service.allOperations());
      for (Line line : lines(service.name())) {
        for (String operation : line.operations()) {
          boolean serves = each.getValue().contains(operation);
          if (!missing.remove(operation)) {
            faults.add(service.name() + " has no " + operation + ", or it is there twice");
          } else if (serves != line.served()) {
            faults.add(
                service.name() + ":" + operation + " is " + (serves ? "served" : NOT_SERVED));
          }
        }
      }
      missing.forEach(operation -> faults.add("no line for " + service.name() + ":" + operation));
    }
    return faults;
  }

  String text(Map<String, String> harmless) throws IOException {
    var page = new StringBuilder(HEAD);
    for (Map.Entry<String, String> title : TITLES.entrySet()) {
      page.append("\n## ").append(title.getValue()).append("\n\n");
      append(page, lines(title.getKey()));
    }
    page.append(MEMBERS);
    harmless.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(
            member -> page.append("| `%s` | %s |\n".formatted(member.getKey(), member.getValue())));
    return page.toString();
  }

  private static void append(StringBuilder page, List<Line> lines) {
    List<Line> those = lines.stream().filter(Line::served).toList();
    List<Line> others = lines.stream().filter(line -> !line.served()).toList();
    int some = count(those);
    page.append(
        "Of AWS's %d operations %d %s served.\n"
            .formatted(count(lines), some, some == 1 ? "is" : "are"));
    page.append("\n| served | what differs |\n| --- | --- |\n");
    those.forEach(line -> page.append(line.row()));
    page.append("\n| not served | why |\n| --- | --- |\n");
    others.forEach(line -> page.append(line.row()));
  }

  private static int count(List<Line> lines) {
    return lines.stream().mapToInt(line -> line.operations().size()).sum();
  }

  private static List<Line> lines(String service) throws IOException {
    var lines = new ArrayList<Line>();
    for (String line : Files.readAllLines(DIFFERENCES.resolve(service + ".txt"))) {
      if (!line.isBlank() && !line.startsWith("#")) {
        int colon = line.indexOf(": ");
        lines.add(
            new Line(List.of(line.substring(0, colon).split(", ")), line.substring(colon + 2)));
      }
    }
    return lines;
  }
}
