// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kit.Json;
import dev.holdfast.kit.fuzz.Fuzz;
import dev.holdfast.policy.PolicyDocument.Kind;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PolicyFuzzTest {
  private static final List<Request> REQUESTS = requests();

  private static List<Request> requests() {
    var requests = new ArrayList<Request>();
    var generator = new PolicyGenerator(new Random(6));
    for (int i = 0; i < 8; i++) {
      requests.add(generator.request());
    }
    return List.copyOf(requests);
  }

  @Test
  void documentsMeanTheSameHoweverTheyAreWritten() {
    Fuzz.run(PolicyFuzzTest.class, "policy", PolicyFuzzTest::document);
  }

  static String document(byte[] input) {
    String text = new String(input, StandardCharsets.UTF_8);
    var said = new StringBuilder();
    for (Kind kind : Kind.values()) {
      PolicyDocument document;
      try {
        document = PolicyDocument.parse(text, kind);
      } catch (MalformedPolicy _) {
        continue;
      }
      said.append(kind);
      // The document through the JSON tree: the same words in the same order, spelled anew.
      PolicyDocument again = PolicyDocument.parse(Json.text(Json.parse(text)), kind);
      for (Request request : REQUESTS) {
        Decision decision = decide(document, kind, request);
        assertThat(decide(again, kind, request).allowed()).isEqualTo(decision.allowed());
        said.append(decision.allowed() ? 'y' : 'n');
      }
      assertThat(again.contextKeys()).isEqualTo(document.contextKeys());
    }
    return said.toString();
  }

  private static Decision decide(PolicyDocument document, Kind kind, Request request) {
    var named = new NamedPolicy("p", document);
    Policies policies =
        kind == Kind.RESOURCE || kind == Kind.TRUST
            ? Policies.ofIdentity(List.of()).withResource(named, Gate.NONE)
            : Policies.ofIdentity(List.of(named));
    Decision decision = Evaluator.decide(policies, request);
    assertThat(Evaluator.explain(policies, request).decision()).isEqualTo(decision);
    return decision;
  }

  @Test
  void wildcardsMeanWhatTheirRegularExpressionMeans() {
    Fuzz.run(PolicyFuzzTest.class, "glob", PolicyFuzzTest::glob);
  }

  static String glob(byte[] input) {
    String text = new String(input, StandardCharsets.UTF_8);
    int bar = text.indexOf('|');
    String pattern = bar < 0 ? text : text.substring(0, bar);
    String value = bar < 0 ? "" : text.substring(bar + 1);
    Glob glob;
    try {
      glob = new Glob(Template.parse(pattern, false, true).tokens());
    } catch (MalformedPolicy _) {
      return "refused";
    }
    boolean matches = glob.matches(value);
    long runs = pattern.chars().filter(c -> c == '*').count();
    boolean pairs = text.chars().anyMatch(c -> Character.isSurrogate((char) c));
    // More runs take the regular expression for ever, which is why ours is none.
    if (runs <= 4 && value.length() <= 64 && !pairs) {
      assertThat(matches).isEqualTo(regex(pattern).matcher(value).matches());
    }
    assertThat(new Glob(Template.parse("*", false, true).tokens()).matches(value)).isTrue();
    return matches + " " + Math.min(8, runs);
  }

  private static Pattern regex(String glob) {
    var regex = new StringBuilder();
    for (int i = 0; i < glob.length(); i++) {
      char c = glob.charAt(i);
      regex.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
    }
    return Pattern.compile(regex.toString(), Pattern.DOTALL);
  }

  @Test
  void resourcesMatchThemselves() {
    Fuzz.run(PolicyFuzzTest.class, "glob", PolicyFuzzTest::resource);
  }

  static String resource(byte[] input) {
    String text = "arn:aws:ecs:" + new String(input, StandardCharsets.UTF_8);
    ResourcePattern pattern;
    try {
      pattern = ResourcePattern.parse(text, false);
    } catch (MalformedPolicy e) {
      return "refused " + String.valueOf(e.getMessage()).length() % 16;
    }
    assertThat(pattern.matches(text, Context.EMPTY)).as("a pattern is a text it covers").isTrue();
    assertThat(pattern.matches("arn:aws:ecr" + text.substring(11), Context.EMPTY)).isFalse();
    return "covers " + Math.min(16, text.split(":", -1).length);
  }

  @Test
  void networksAndDatesAreReadAsThePlatformReadsThem() {
    Fuzz.run(PolicyFuzzTest.class, "network", PolicyFuzzTest::network);
  }

  static String network(byte[] input) {
    String text = new String(input, StandardCharsets.UTF_8);
    Network network = Network.parse(text);
    if (network != null) {
      int slash = text.indexOf('/');
      String address = slash < 0 ? text : text.substring(0, slash);
      assertThat(InetAddress.ofLiteral(address)).isNotNull();
      Network itself = Network.parse(address);
      // An IPv4 address is one however it is written; a range around it may be IPv6's.
      boolean mapped = address.contains(":") && itself != null && !itself.v6();
      assertThat(itself != null && (mapped || network.contains(itself))).isTrue();
    }
    Instant date = Dates.parse(text);
    Long platform = platform(text);
    if (platform != null && date != null && text.length() > 19) {
      assertThat(date.getEpochSecond()).isEqualTo(platform);
    }
    return (network != null) + " " + (date != null);
  }

  private static @Nullable Long platform(String text) {
    try {
      return OffsetDateTime.parse(text).toEpochSecond();
    } catch (java.time.DateTimeException _) {
      return null;
    }
  }
}
