// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy.literal;

import dev.holdfast.policy.Caller;
import dev.holdfast.policy.Gate;
import dev.holdfast.policy.Layer;
import dev.holdfast.policy.PolicyDocument.Kind;
import dev.holdfast.policy.literal.DocumentMaker.Aim;
import dev.holdfast.policy.literal.LiteralCase.Asked;
import dev.holdfast.policy.literal.LiteralCase.Documents;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Makes cases from a seed. Each is made so that one layer is likely to decide, one way or the
 * other, so that every outcome comes up often; a share is left to chance altogether.
 */
final class CaseMaker {
  private final RandomGenerator random;
  private final @Nullable Layer focus;
  private final boolean deny;

  /** Of a hundred cases, how many aim at a layer's Deny and at the want of its Allow. */
  private static final Map<Layer, int[]> SHARES = shares();

  private static Map<Layer, int[]> shares() {
    Map<Layer, int[]> shares = new EnumMap<>(Layer.class);
    shares.put(Layer.RESOURCE_CONTROL, new int[] {10, 0});
    shares.put(Layer.SERVICE_CONTROL, new int[] {8, 7});
    shares.put(Layer.RESOURCE, new int[] {10, 4});
    shares.put(Layer.ROLE_TRUST, new int[] {10, 8});
    shares.put(Layer.IDENTITY, new int[] {5, 4});
    shares.put(Layer.BOUNDARY, new int[] {7, 7});
    shares.put(Layer.SESSION, new int[] {8, 6});
    return shares;
  }

  private CaseMaker(RandomGenerator random) {
    this.random = random;
    int pick = random.nextInt(100);
    Layer chosen = null;
    boolean denies = false;
    for (Map.Entry<Layer, int[]> share : SHARES.entrySet()) {
      for (int way = 0; way < 2 && pick >= 0; way++) {
        pick -= share.getValue()[way];
        chosen = pick < 0 ? share.getKey() : null;
        denies = way == 0;
      }
    }
    this.focus = chosen;
    this.deny = denies;
  }

  /** Documents and several questions about them. */
  static List<LiteralCase> cases(long seed, int questions) {
    return new CaseMaker(new SplittableRandom(seed)).make(questions);
  }

  /** As {@link #cases}, over documents of so many statements that most are passed over. */
  static List<LiteralCase> longCases(int seed, int questions) {
    List<LiteralCase> cases = cases(90_000 + seed, questions);
    Asked first = cases.getFirst().asked();
    Documents made = cases.getFirst().documents();
    var maker = new DocumentMaker(new SplittableRandom(seed), first);
    int count = 20 + seed % 40;
    String identity = maker.longDocument(Kind.IDENTITY, count);
    Documents documents = made.withIdentity(List.of(identity));
    if (made.resource() != null) {
      documents =
          documents.withResource(maker.longDocument(LiteralEvaluator.kind(made.gate()), count));
    }
    var all = new ArrayList<LiteralCase>();
    for (LiteralCase one : cases) {
      all.add(new LiteralCase(documents, one.asked()));
    }
    return all;
  }

  private List<LiteralCase> make(int questions) {
    Gate gate =
        focus == Layer.ROLE_TRUST
            ? Gate.ROLE_TRUST
            : focus == Layer.RESOURCE
                ? (chance(50) ? Gate.NONE : Gate.KEY_POLICY)
                : Values.one(random, List.of(Gate.NONE, Gate.NONE, Gate.NONE, Gate.KEY_POLICY));
    Caller caller = caller();
    Asked first = asked(caller, gate, owner());
    Documents documents = documents(caller, gate, first);
    var cases = new ArrayList<LiteralCase>();
    cases.add(new LiteralCase(documents, first));
    for (int i = 1; i < questions; i++) {
      cases.add(new LiteralCase(documents, vary(first, gate)));
    }
    return cases;
  }

  private String owner() {
    return chance(78) ? Values.ACCOUNT : Values.OTHER;
  }

  private Caller caller() {
    boolean needsIdentity =
        focus == Layer.IDENTITY || focus == Layer.BOUNDARY || focus == Layer.SESSION;
    int pick = random.nextInt(needsIdentity ? 70 : focus == Layer.SERVICE_CONTROL ? 80 : 100);
    String id = chance(85) ? "NOWNOWNOWNOWNOW1234" : "OLDOLDOLDOLDOLD12";
    if (pick < 28 && focus != Layer.SESSION) {
      return Caller.user(Values.ACCOUNT, "arn:aws:iam::111122223333:user/ops/bob", "AIDA" + id);
    }
    if (pick < 56) {
      return Caller.roleSession(
          Values.ACCOUNT,
          "arn:aws:sts::111122223333:assumed-role/r/s" + (chance(80) ? 1 : 2),
          Values.ROLE,
          "AROA" + id);
    }
    if (pick < 70) {
      boolean byUser = chance(90);
      return Caller.federated(
          Values.ACCOUNT,
          "arn:aws:sts::111122223333:federated-user/bob",
          byUser ? "arn:aws:iam::111122223333:user/ops/bob" : null,
          byUser ? "AIDA" + id : "");
    }
    if (pick < 80) {
      return Caller.root(Values.ACCOUNT);
    }
    return pick < 88
        ? Caller.service("ecs-tasks.amazonaws.com")
        : pick < 94 ? Caller.provider("token.example.com") : Caller.anonymous();
  }

  private Asked asked(Caller caller, Gate gate, String owner) {
    String action =
        switch (gate) {
          case NONE -> Values.one(random, Values.ACTIONS);
          case KEY_POLICY -> chance(70) ? "kms:Decrypt" : "kms:Encrypt";
          case ROLE_TRUST ->
              caller.kind() == Caller.Kind.PROVIDER
                  ? "sts:AssumeRoleWithWebIdentity"
                  : chance(80) ? "sts:AssumeRole" : "sts:TagSession";
        };
    String resource =
        switch (gate) {
          case NONE -> Values.one(random, Values.RESOURCES);
          case KEY_POLICY -> Values.KEY;
          case ROLE_TRUST -> Values.ROLE;
        };
    return new Asked(caller, action, resource, owner, Values.keys(random));
  }

  private Asked vary(Asked asked, Gate gate) {
    if (chance(30)) {
      return asked(asked.caller(), gate, chance(85) ? asked.owner() : owner());
    }
    Map<String, List<String>> keys = new LinkedHashMap<>(asked.keys());
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      String type = Values.one(random, Values.KEYS.keySet().stream().sorted().toList());
      String key = Values.one(random, Values.KEYS.getOrDefault(type, List.of("aws:username")));
      if (chance(25)) {
        keys.remove(key);
      } else {
        keys.put(key, Values.values(random, type));
      }
    }
    String resource =
        gate == Gate.NONE && chance(30) ? Values.one(random, Values.RESOURCES) : asked.resource();
    return new Asked(asked.caller(), asked.action(), resource, asked.owner(), keys);
  }

  private Documents documents(Caller caller, Gate gate, Asked asked) {
    var maker = new DocumentMaker(random, asked);
    boolean member = !caller.account().isEmpty();
    boolean entity = member && caller.kind() != Caller.Kind.ROOT;
    boolean session =
        caller.kind() == Caller.Kind.ROLE_SESSION || caller.kind() == Caller.Kind.FEDERATED;
    boolean across = member && !caller.account().equals(asked.owner());

    List<String> identity = new ArrayList<>();
    if (entity && (focus != Layer.IDENTITY || deny || chance(90))) {
      identity.add(maker.document(Kind.IDENTITY, aim(Layer.IDENTITY)));
      if (chance(15)) {
        identity.add(maker.document(Kind.IDENTITY, Aim.RANDOM));
      }
    }
    String boundary =
        entity && (focus == Layer.BOUNDARY || chance(20))
            ? maker.document(Kind.BOUNDARY, aim(Layer.BOUNDARY))
            : null;
    List<String> sessions = null;
    boolean always = caller.kind() == Caller.Kind.FEDERATED && chance(80);
    if (session && (focus == Layer.SESSION || always || chance(20))) {
      sessions = new ArrayList<>();
      for (int i = chance(4) ? 0 : chance(70) ? 1 : 2; i > 0; i--) {
        sessions.add(maker.document(Kind.SESSION, aim(Layer.SESSION)));
      }
    }
    Layer own = gate == Gate.ROLE_TRUST ? Layer.ROLE_TRUST : Layer.RESOURCE;
    boolean needed = gate != Gate.NONE || !member || across || focus == Layer.RESOURCE;
    String resource =
        (needed && chance(95)) || chance(15)
            ? maker.document(LiteralEvaluator.kind(gate), aim(own))
            : null;
    return new Documents(
        identity,
        boundary,
        sessions,
        resource,
        gate,
        member ? levels(maker, Layer.SERVICE_CONTROL, Kind.IDENTITY) : List.of(),
        levels(maker, Layer.RESOURCE_CONTROL, Kind.RESOURCE));
  }

  private List<List<String>> levels(DocumentMaker maker, Layer layer, Kind kind) {
    var levels = new ArrayList<List<String>>();
    if (focus == layer || chance(10)) {
      int count = 1 + random.nextInt(3);
      int special = random.nextInt(count);
      for (int i = 0; i < count; i++) {
        var level = new ArrayList<String>();
        level.add(maker.document(kind, i == special ? aim(layer) : Aim.OPEN));
        if (chance(10)) {
          level.add(maker.document(kind, Aim.ALLOWS));
        }
        levels.add(level);
      }
    }
    return levels;
  }

  private Aim aim(Layer layer) {
    if (focus == layer) {
      return deny ? Aim.DENIES : Aim.ALLOWS;
    }
    return focus == null || chance(6) ? Aim.RANDOM : Aim.OPEN;
  }

  private boolean chance(int percent) {
    return Values.chance(random, percent);
  }
}
