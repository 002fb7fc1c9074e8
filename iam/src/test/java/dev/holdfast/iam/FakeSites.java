// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam;

import dev.holdfast.iam.port.IssuerSites;
import dev.holdfast.kit.AccountId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Sites that answer what they are told to, and count who asks. */
final class FakeSites implements IssuerSites {
  static final String THUMBPRINT = "0123456789abcdef0123456789abcdef01234567";

  final Map<String, byte[]> answers = new HashMap<>();
  final List<String> asked = new ArrayList<>();
  boolean trusted = true;
  boolean busy;

  /** What happens while a site is asked. */
  Runnable meanwhile = () -> {};

  /** An issuer with its discovery document and its keys. */
  void publish(String issuer, byte[] keys) {
    String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
    answers.put(
        base + "/.well-known/openid-configuration",
        "{\"issuer\":\"%s\",\"jwks_uri\":\"%s/keys\"}"
            .formatted(issuer, base)
            .getBytes(StandardCharsets.UTF_8));
    answers.put(base + "/keys", keys);
  }

  @Override
  public byte[] get(AccountId whose, String url, List<String> thumbprints, int most)
      throws IOException {
    if (busy) {
      throw new Busy("too many");
    }
    asked.add(url);
    meanwhile.run();
    if (!trusted) {
      throw new NotTrusted("not trusted");
    }
    byte[] answer = answers.get(url);
    if (answer == null || answer.length > most) {
      throw new IOException("no answer");
    }
    return answer;
  }

  @Override
  public String thumbprint(AccountId whose, String host) throws IOException {
    if (answers.keySet().stream().noneMatch(url -> url.startsWith("https://" + host + "/"))) {
      throw new IOException("no answer");
    }
    return THUMBPRINT.toUpperCase(java.util.Locale.ROOT);
  }
}
