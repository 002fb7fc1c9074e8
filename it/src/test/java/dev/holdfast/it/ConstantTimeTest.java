// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * What proves somebody is compared in constant time: each place that compares such a thing is known
 * here and does so by {@code MessageDigest.isEqual}, and no comparison of another kind names one.
 */
class ConstantTimeTest {
  /** Who compares a proof, and how many comparisons of them the file has. */
  private static final Map<String, Integer> COMPARES =
      Map.ofEntries(
          Map.entry("agent/endpoint/AgentEndpoint", 1), // ids of a task's credentials
          Map.entry("app/backup/CutFile", 1), // a backup's code
          Map.entry("app/hosts/HostDoor", 1), // the fingerprint of a host's key
          Map.entry("app/hosts/Invitations", 1), // join codes, by hash
          Map.entry("app/tls/PinnedTrust", 1), // the platform's fingerprint
          Map.entry("aws/session/ChannelMessage", 1), // a digest, against damage
          Map.entry("aws/sigv4/Verifier", 1), // signatures
          Map.entry("ecs/state/ExecSessions", 1), // tokens of sessions, by hash
          Map.entry("iam/plan/Pbkdf2", 1), // what is derived from passwords
          Map.entry("iam/plan/Totp", 1), // codes of second factors
          Map.entry("kit/Secret", 1),
          Map.entry("kms/plan/Envelope", 1), // a ciphertext's commitment
          Map.entry("secrets/plan/Plain", 1), // values of secrets
          Map.entry("ssm/control/Machines", 1), // fingerprints of machines
          Map.entry("ssm/model/Activation", 1)); // activation codes, by hash

  private static final String WORDS =
      "signature|secret|password|hmac|mac|token|credential\\w*|fingerprint|code|digest|hash|seed"
          + "|commitment|proof|nonce|accesskey|privatekey|secretkey";

  /** A comparison that stops where two differ, with the last word of what it is asked of. */
  private static final Pattern SOONEST =
      Pattern.compile(
          "(?i)\\b(?:(\\w+)\\(?\\)?\\.(?:equals|equalsIgnoreCase|contentEquals|compareTo)\\(([^;]*)"
              + "|(?:Arrays|Objects)\\.(?:equals|compare|mismatch)\\(([^;]*))");

  /**
   * Comparisons that name such a word and are of nothing secret: what is compared is shown to
   * whoever asks, names an error, or is read by its owner alone.
   */
  private static final List<Pattern> HARMLESS =
      List.of(
          // codes of errors, of which there is a list in public
          Pattern.compile("(e|failed|other|error|shape)\\.code\\(\\)\\.(equals|startsWith)\\("),
          Pattern.compile("\\bcode\\.equals\\(\"(TaskFailedToStart|EssentialContainerExited)\""),
          Pattern.compile("code\\.startsWith\\(\"AccessDenied\"\\) \\|\\| code\\.equals\\("));

  /** Files whose hashes, digests and tokens are names, and no secret of anybody's. */
  private static final Map<String, String> NAMES =
      Map.of(
          "registry/", "digests are the names of blobs and manifests",
          "ssm/api/ResourcePolicies", "a policy's hash is given to whoever may read it",
          "trail/control/Verifier", "hashes of the audit's chain, which its reader has",
          "policy/", "tokens of a pattern");

  private static Map<String, String> sources() throws IOException {
    var all = new TreeMap<String, String>();
    try (var modules = Files.list(Path.of(".."))) {
      for (Path main :
          modules
              .filter(m -> !m.endsWith("bench") && !m.endsWith("codegen"))
              .map(m -> m.resolve("src/main/java/dev/holdfast"))
              .filter(Files::isDirectory)
              .toList()) {
        try (var files = Files.walk(main)) {
          for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
            all.put(main.relativize(file).toString().replace(".java", ""), Files.readString(file));
          }
        }
      }
    }
    return all;
  }

  @Test
  void everyPlaceThatComparesAProofTakesTheSameTimeForEach() throws IOException {
    var found = new TreeMap<String, Integer>();
    sources()
        .forEach(
            (name, text) -> {
              int times = text.split("MessageDigest\\.isEqual\\(", -1).length - 1;
              if (times > 0) {
                found.put(name, times);
              }
            });
    assertThat(found)
        .as("a place more or less belongs into COMPARES, with what it compares")
        .isEqualTo(new TreeMap<>(COMPARES));
  }

  @Test
  void nothingElseComparesOne() throws IOException {
    var found = new ArrayList<String>();
    Pattern words = Pattern.compile("(?i)\\b\\w*?(" + WORDS + ")\\b");
    sources()
        .forEach(
            (name, text) -> {
              if (NAMES.keySet().stream().noneMatch(name::startsWith)) {
                for (String line : text.split("\n", -1)) {
                  if (compares(line, words)) {
                    found.add(name + ": " + line.strip());
                  }
                }
              }
            });
    assertThat(new TreeSet<>(found)).isEqualTo(new TreeSet<>(KNOWN));
  }

  private static boolean compares(String line, Pattern words) {
    if (HARMLESS.stream().anyMatch(p -> p.matcher(line).find())) {
      return false;
    }
    Matcher one = SOONEST.matcher(line);
    while (one.find()) {
      String asked = one.group(1) == null ? String.valueOf(one.group(3)) : one.group(1);
      if (words.matcher(asked).find()) {
        return true;
      }
    }
    return false;
  }

  /** What is left: two rows of the store, neither of which a caller said. */
  private static final List<String> KNOWN =
      List.of("ssm/control/Machines: if (now == null || !now.proof().equals(known.proof())) {");
}
