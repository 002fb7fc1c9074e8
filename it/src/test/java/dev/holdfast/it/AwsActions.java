// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The table of AWS's actions: name, access level, resource types, their ARN formats, condition
 * keys.
 *
 * @see <a href="https://docs.aws.amazon.com/service-authorization/latest/reference/">Service
 *     authorization reference</a>
 */
final class AwsActions {
  private AwsActions() {}

  /** What somebody makes of the cells of each row, by the action's name. */
  static <T> Map<String, T> read(Function<String[], T> row) throws IOException {
    var rows = new HashMap<String, T>();
    try (InputStream in = AwsActions.class.getResourceAsStream("/iam-actions.tsv")) {
      if (in == null) {
        throw new IOException("iam-actions.tsv is missing");
      }
      new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .skip(1)
          .map(line -> line.split("\t", -1))
          .forEach(cells -> rows.put(cells[0], row.apply(cells)));
    }
    return rows;
  }

  /** An ARN format such as {@code arn:${Partition}:ecs:${Region}:${Account}:cluster/${Name}}. */
  static Pattern pattern(String format) {
    var regex = new StringBuilder();
    for (String part : format.split("(?=\\$\\{)|(?<=\\})", -1)) {
      regex.append(
          switch (part) {
            case "${Partition}", "${Region}", "${Account}" -> "[^:]+";
            default -> part.startsWith("${") ? ".+" : Pattern.quote(part);
          });
    }
    return Pattern.compile(regex.toString());
  }
}
