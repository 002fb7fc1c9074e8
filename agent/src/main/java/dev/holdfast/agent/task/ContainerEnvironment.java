// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.task;

import dev.holdfast.aws.agent.PayloadContainer;
import dev.holdfast.aws.agent.RoleCredentials;
import java.io.IOException;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The variables of a container: the agent's, the task's, and its secrets. */
final class ContainerEnvironment {
  static final String AGENT = "http://169.254.170.2";

  private static final int LEAST = 4;
  private static final int LEAST_LINE = 8;

  /** What begins as another secret does is masked before that, or its end would be left. */
  private static final Comparator<String> LONGEST_FIRST =
      Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder());

  private ContainerEnvironment() {}

  /**
   * All variables; a later source wins: agent, task, secrets.
   *
   * @param image the image's own variables, {@code NAME=value}, which keep region and endpoint
   * @param secrets values by {@code valueFrom}
   */
  static Map<String, String> of(
      PayloadContainer container,
      List<String> image,
      String metadataId,
      String region,
      @Nullable RoleCredentials role,
      Map<String, String> secrets) {
    var variables = new LinkedHashMap<String, String>();
    variables.put("ECS_CONTAINER_METADATA_URI", AGENT + "/v3/" + metadataId);
    variables.put("ECS_CONTAINER_METADATA_URI_V4", AGENT + "/v4/" + metadataId);
    variables.put("ECS_AGENT_URI", AGENT + "/api/" + metadataId);
    if (role != null) {
      variables.put(
          "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/credentials/" + role.credentialsId());
    }
    boolean ownRegion =
        sets(container, image, "AWS_REGION") || sets(container, image, "AWS_DEFAULT_REGION");
    if (!ownRegion) {
      variables.put("AWS_REGION", region);
      variables.put("AWS_DEFAULT_REGION", region);
    }
    if (!sets(container, image, "AWS_ENDPOINT_URL")) {
      variables.put("AWS_ENDPOINT_URL", AGENT);
    }
    variables.putAll(container.environment());
    container
        .secrets()
        .forEach(
            secret -> {
              String value = secrets.get(secret.valueFrom());
              if (value != null && forContainer(secret)) {
                variables.put(secret.name(), value);
              }
            });
    return variables;
  }

  /**
   * Refuses what no process can be given. The engine's own error would quote the whole variable,
   * and with it the value of a secret.
   *
   * @throws IOException naming the variable, never its value
   */
  static void check(Map<String, String> variables) throws IOException {
    for (var variable : variables.entrySet()) {
      String name = variable.getKey();
      if (name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0) {
        throw new IOException(
            "the name of an environment variable must not be empty, nor hold `=` or a NUL: `"
                + name.replace('\0', '?')
                + "`");
      }
      if (variable.getValue().indexOf('\0') >= 0) {
        throw new IOException(
            "the value of the environment variable `"
                + name
                + "` holds a NUL, which no process can be given");
      }
    }
  }

  /** What the engine says, without secrets, and with the way out where it leaves that open. */
  static String told(String text, Collection<String> secrets) {
    boolean taken =
        text.contains("address already in use") || text.contains("port is already allocated");
    return masked(text, secrets)
        + (taken
            ? " (another process of the host listens there: stop it, or choose another `hostPort`;"
                + " 0 takes a free one)"
            : "");
  }

  /**
   * A text of the engine without what must not be told, be it as it is, quoted as Go or JSON quote,
   * or a line of it.
   *
   * @param secrets values; those of less than four characters would blot out ordinary words
   */
  static String masked(String text, Collection<String> secrets) {
    var forms = new TreeSet<>(LONGEST_FIRST);
    for (String secret : secrets) {
      if (secret.length() >= LEAST) {
        forms.add(secret);
        forms.add(quoted(secret, true));
        forms.add(quoted(secret, false));
        secret.lines().filter(line -> line.length() >= LEAST_LINE).forEach(forms::add);
      }
    }
    String masked = text;
    for (String form : forms) {
      masked = masked.replace(form, "***");
    }
    return masked;
  }

  private static String quoted(String text, boolean go) {
    var quoted = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> quoted.append('\\').append(c);
        case '\n' -> quoted.append("\\n");
        case '\r' -> quoted.append("\\r");
        case '\t' -> quoted.append("\\t");
        case '\b' -> quoted.append("\\b");
        case '\f' -> quoted.append("\\f");
        default -> {
          if (c >= ' ' && c != 0x7f) {
            quoted.append(c);
          } else if (go && (c == 7 || c == 11)) {
            quoted.append(c == 7 ? "\\a" : "\\v");
          } else {
            quoted.append((go ? "\\x%02x" : "\\u%04x").formatted((int) c));
          }
        }
      }
    }
    return quoted.toString();
  }

  /** Whether a secret is an environment variable of the container. */
  static boolean forContainer(PayloadContainer.SecretReference secret) {
    String target = secret.target();
    return target == null || target.isEmpty() || target.equals("CONTAINER");
  }

  private static boolean sets(PayloadContainer container, List<String> image, String name) {
    return container.environment().containsKey(name)
        || container.secrets().stream().anyMatch(s -> s.name().equals(name))
        || image.stream().anyMatch(v -> v.startsWith(name + "="));
  }
}
