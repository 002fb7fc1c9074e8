// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.policy.PolicyDocument.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Laws that hold whatever the policies are, tried on generated cases. */
class PropertyTest {
  private static final int ROUNDS = 4_000;

  private static void rounds(Consumer<PolicyGenerator> law) {
    for (int seed = 0; seed < ROUNDS; seed++) {
      law.accept(new PolicyGenerator(new Random(seed)));
    }
  }

  @Test
  void bothVerdictsAreGenerated() {
    int[] allowed = new int[1];
    rounds(g -> allowed[0] += Evaluator.decide(g.policies(), g.request()).allowed() ? 1 : 0);
    assertThat(allowed[0]).isBetween(ROUNDS / 20, ROUNDS * 19 / 20);
  }

  @Test
  void addingADenyNeverAllows() {
    rounds(
        g -> {
          Policies policies = g.policies();
          Request request = g.request();
          if (!Evaluator.decide(policies, request).allowed()) {
            var identity = new ArrayList<>(policies.identity());
            identity.add(g.policy(Kind.IDENTITY, Effect.DENY));
            assertThat(Evaluator.decide(policies.withIdentity(identity), request).allowed())
                .isFalse();
          }
        });
  }

  @Test
  void anExplicitDenyOutlivesEveryAddition() {
    rounds(
        g -> {
          Policies policies = g.policies();
          Request request = g.request();
          if (Evaluator.decide(policies, request) instanceof Decision.ExplicitDeny) {
            var identity = new ArrayList<>(policies.identity());
            identity.add(Cases.allow("*", "*"));
            Decision decision = Evaluator.decide(policies.withIdentity(identity), request);
            assertThat(decision.evalDecision()).isEqualTo("explicitDeny");
          }
        });
  }

  /** Grants beside a key policy, a registry's policy beside a repository's. */
  @Test
  void severalPoliciesOfAResourceDecideAsOneWithAllTheirStatements() {
    rounds(
        g -> {
          Policies policies = g.policies();
          NamedPolicy resource = policies.resource();
          if (resource != null) {
            Request request = g.request();
            Decision one = Evaluator.decide(policies, request);
            Decision several =
                Evaluator.decide(
                    policies.withResources(g.parts(resource), policies.gate()), request);
            assertThat(several.evalDecision()).isEqualTo(one.evalDecision());
            assertThat(layer(several)).isEqualTo(layer(one));
          }
        });
  }

  @Test
  void orderNeverMatters() {
    rounds(
        g -> {
          Policies policies = g.policies();
          Request request = g.request();
          var identity = new ArrayList<NamedPolicy>();
          policies.identity().forEach(policy -> identity.add(g.shuffled(policy)));
          Collections.shuffle(identity, new Random(1));
          Policies shuffled = policies.withIdentity(identity);
          NamedPolicy resource = policies.resource();
          if (resource != null) {
            shuffled = shuffled.withResource(g.shuffled(resource), policies.gate());
          }
          Decision before = Evaluator.decide(policies, request);
          Decision after = Evaluator.decide(shuffled, request);
          assertThat(after.evalDecision()).isEqualTo(before.evalDecision());
          assertThat(layer(after)).isEqualTo(layer(before));
        });
  }

  private static String layer(Decision decision) {
    return decision instanceof Decision.Denied denied ? denied.layer().words() : "";
  }

  @Test
  void boundaryNeverWidens() {
    rounds(
        g -> {
          Policies policies = g.policies();
          Request request = g.request();
          if (!Evaluator.decide(policies.withBoundary(null), request).allowed()) {
            Policies bounded = policies.withBoundary(g.policy(Kind.BOUNDARY, null));
            assertThat(Evaluator.decide(bounded, request).allowed()).isFalse();
          }
        });
  }

  @Test
  void sessionPolicyNeverWidens() {
    rounds(
        g -> {
          Policies policies = g.policies();
          Request request = g.request();
          boolean federated = request.caller().kind() == Caller.Kind.FEDERATED;
          if (!federated && !Evaluator.decide(policies.withSession(null), request).allowed()) {
            Policies narrowed = policies.withSession(List.of(g.policy(Kind.SESSION, null)));
            assertThat(Evaluator.decide(narrowed, request).allowed()).isFalse();
          }
        });
  }

  @Test
  void federatedSessionsNeverExceedTheirUser() {
    rounds(
        g -> {
          Policies policies = g.policies().withResource(null, Gate.NONE);
          Request request = g.request(PolicyGenerator.FEDERATED);
          if (!Evaluator.decide(policies, g.as(request, Cases.BOB)).allowed()) {
            assertThat(Evaluator.decide(policies, request).allowed()).isFalse();
          }
        });
  }

  @Test
  void unknownThingsAreDenied() {
    rounds(
        g -> {
          Policies policies = g.policies();
          Request known = g.request();
          Caller stranger = Caller.user(Cases.OTHER, "arn:aws:iam::444455556666:user/x", "AIDAX");
          Policies withoutIdentity =
              policies.withIdentity(List.of()).withResource(null, policies.gate());
          assertThat(Evaluator.decide(withoutIdentity, g.as(known, stranger)).allowed()).isFalse();
          var unknown =
              new Request(Cases.BOB, "nosuch:Action", "nothing", Cases.ACCOUNT, known.context());
          NamedPolicy named = Cases.allow("ecs:*", "arn:aws:ecs:*");
          assertThat(Evaluator.decide(Policies.ofIdentity(List.of(named)), unknown).allowed())
              .isFalse();
        });
  }

  @Test
  void explanationAgreesWithTheDecision() {
    rounds(
        g -> {
          Policies policies = g.policies();
          Request request = g.request();
          Decision decision = Evaluator.decide(policies, request);
          Explanation why = Evaluator.explain(policies, request);
          assertThat(why.decision()).isEqualTo(decision);
          if (decision instanceof Decision.ExplicitDeny(var layer, var match)) {
            assertThat(why.deciding()).anyMatch(f -> f.layer() == layer && f.match().equals(match));
          }
          assertThat(!why.changes().isEmpty()).isEqualTo(decision instanceof Decision.ImplicitDeny);
          if (decision instanceof Decision.ImplicitDeny) {
            // replayed: what is proposed is enough
            assertThat(Evaluator.decide(Changed.by(policies, why.changes()), request).allowed())
                .isTrue();
          }
        });
  }

  @Test
  void globsAgreeWithTheirDefinition() {
    Random random = new Random(7);
    for (int i = 0; i < 200_000; i++) {
      int[] pattern = new int[random.nextInt(7)];
      int[] alphabet = {
        'a', 'b', ':', Glob.RUN, Glob.ONE, Glob.RUN_IN_PART, Glob.ONE_IN_PART, Glob.RUN
      };
      for (int j = 0; j < pattern.length; j++) {
        pattern[j] = alphabet[random.nextInt(alphabet.length)];
      }
      var text = new StringBuilder();
      for (int j = random.nextInt(8); j > 0; j--) {
        text.append("ab:".charAt(random.nextInt(3)));
      }
      boolean defined = defined(pattern, 0, text.toString());
      assertThat(new Glob(pattern).matches(text.toString())).isEqualTo(defined);
      // Longer than one word of bits; neither pattern nor text has this character otherwise.
      int[] longer = Arrays.copyOf(pattern, pattern.length + Long.SIZE);
      Arrays.fill(longer, pattern.length, longer.length, 'z');
      assertThat(new Glob(longer).matches(text + "z".repeat(Long.SIZE))).isEqualTo(defined);
    }
  }

  private static boolean defined(int[] pattern, int from, String text) {
    if (from == pattern.length) {
      return text.isEmpty();
    }
    int token = pattern[from];
    boolean inPart = token == Glob.RUN_IN_PART || token == Glob.ONE_IN_PART;
    boolean run = token == Glob.RUN || token == Glob.RUN_IN_PART;
    if (run && defined(pattern, from + 1, text)) {
      return true;
    }
    if (text.isEmpty() || (inPart && text.charAt(0) == ':')) {
      return false;
    }
    boolean fits = token < 0 || token == text.charAt(0);
    return fits && defined(pattern, run ? from : from + 1, text.substring(1));
  }
}
