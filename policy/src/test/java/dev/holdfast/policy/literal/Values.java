// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy.literal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * Small stocks of values that are near one another on purpose: case, wildcards, spellings of one
 * number, moment or address, texts of no type at all.
 */
final class Values {
  static final String ACCOUNT = "111122223333";
  static final String OTHER = "444455556666";

  /** The keys of requests by the type of their values; {@code many} have several. */
  static final Map<String, List<String>> KEYS =
      Map.of(
          "String",
          List.of("aws:username", "aws:PrincipalTag/team", "aws:RequestTag/Cost"),
          "many",
          List.of("aws:TagKeys", "kms:EncryptionContextKeys"),
          "Numeric",
          List.of("aws:MultiFactorAuthAge", "ecs:task-cpu"),
          "Date",
          List.of("aws:CurrentTime", "aws:TokenIssueTime"),
          "Bool",
          List.of("aws:SecureTransport", "aws:MultiFactorAuthPresent"),
          "Binary",
          List.of("test:Digest"),
          "Ip",
          List.of("aws:SourceIp", "aws:VpcSourceIp"),
          "Arn",
          List.of("aws:SourceArn", "aws:PrincipalArn"));

  private static final Map<String, List<String>> REQUESTED =
      Map.of(
          "String",
          List.of("a", "A", "ab", "b", "a/b", "", "*", "?", "$", "team-1", "\u00e9", "\u00c9"),
          "Numeric",
          List.of(
              "0",
              "1",
              "1.0",
              "2",
              "10",
              "-1",
              "0.50",
              "256",
              "x",
              "9007199254740993",
              "1e1",
              ".5",
              "5.",
              "+1",
              "\u0661",
              "1 "),
          "Date",
          List.of(
              "2026-05-01T00:00:00Z",
              "2026-05-01T10:00:00Z",
              "2026-05-01T12:00:00+02:00",
              "1777629600",
              "2026-04-30T23:59:59.999Z",
              "2027-01-01T00:00:00Z",
              "2026-05-01T10:00:00.0000001Z",
              "2026",
              "2026-02-30",
              "2026-05-01T10:00:00",
              "2026-05-01T10Z",
              "20260501T100000Z",
              "2026-05-01T24:00Z",
              "1777629600.5",
              "soon"),
          "Bool",
          List.of("true", "false", "True", "yes"),
          "Binary",
          List.of("AQ==", "AQI=", "/w==", "QUI="),
          "Ip",
          List.of(
              "10.1.2.3",
              "10.1.2.4",
              "192.168.0.1",
              "2001:db8::1",
              "2001:DB8:0:0:0:0:0:1",
              "::1",
              "::ffff:10.1.2.3",
              "010.1.2.3",
              "10.1.2.0/30",
              "::1::",
              "1::10.1.2.3",
              "10.1.2"),
          "Arn",
          List.of(
              "arn:aws:ecs:eu-west-1:111122223333:cluster/a",
              "arn:aws:ecs:eu-west-2:111122223333:cluster/ab",
              "arn:aws:iam::111122223333:user/ops/bob",
              "arn:aws:iam::444455556666:role/app/r",
              "arn:aws:ecs:eu-west-1:111122223333:task-definition/x:7",
              "arn:aws:sns:::t",
              "arn:aws:ecs:eu-west-1:444455556666:x:111122223333:cluster/a",
              "a:b:c:d:e:f",
              "cluster/a"));

  private static final Map<String, List<String>> LISTED =
      Map.of(
          "String",
          List.of(
              "a",
              "A",
              "a*",
              "?",
              "*",
              "",
              "a/?",
              "${aws:username}",
              "${AWS:PrincipalTag/team}*",
              "${aws:PrincipalTag/team, 'ab'}",
              "${*}",
              "a${?}",
              "${$}",
              "\u00e9",
              "team-*"),
          "Numeric",
          List.of(
              "0", "1", "01", "1.00", "2", "10", "0.5", "-1", "256.0", "9007199254740992", "1E1"),
          "Date",
          List.of(
              "2026-05",
              "2026-05-01",
              "2026-05-01T10:00Z",
              "2026-05-01T10:00:00.000Z",
              "1777629600",
              "2027-01-01T02:00:00+02:00",
              "2026",
              "2026-04-30T23:59:59.999Z"),
          "Bool",
          List.of("true", "false", "True"),
          "Binary",
          List.of("AQ==", "AQI=", "/w==", "QUI="),
          "Ip",
          List.of(
              "10.1.2.3",
              "10.1.2.3/32",
              "10.1.2.0/30",
              "10.0.0.0/8",
              "10.1.2.4/31",
              "0.0.0.0/0",
              "2001:db8::/32",
              "2001:0db8::1",
              "::/0",
              "::ffff:10.0.0.0/104",
              "192.168.0.1/16"),
          "Arn",
          List.of(
              "arn:aws:ecs:eu-west-1:111122223333:cluster/a",
              "arn:aws:ecs:*:111122223333:cluster/*",
              "arn:aws:ecs:*:111122223333:cluster/?",
              "arn:aws:iam::*:user/*",
              "arn:*:*:*:*:*",
              "arn:aws:ecs:eu-west-?:111122223333:cluster/a?",
              "arn:aws:ecs:eu-west-1:111122223333:cluster/${aws:username}",
              "arn:aws:ecs:eu-west-1:111122223333:task-definition/x:?",
              "${aws:SourceArn}",
              "*",
              "arn:aws:ecs:*:*:${aws:PrincipalTag/team, 'cluster/a'}",
              "arn:aws:sns:::?"),
          "Null",
          List.of("true", "false"));

  private Values() {}

  static <T> T one(RandomGenerator random, List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  static boolean chance(RandomGenerator random, int percent) {
    return random.nextInt(100) < percent;
  }

  /** The keys of a request. */
  static Map<String, List<String>> keys(RandomGenerator random) {
    var keys = new LinkedHashMap<String, List<String>>();
    for (Map.Entry<String, List<String>> type : new TreeMap<>(KEYS).entrySet()) {
      for (String key : type.getValue()) {
        if (chance(random, 70)) {
          keys.put(key, values(random, type.getKey()));
        }
      }
    }
    return keys;
  }

  static List<String> values(RandomGenerator random, String type) {
    boolean many = type.equals("many") || chance(random, 8);
    int count = many ? random.nextInt(4) : 1;
    var values = new ArrayList<String>();
    for (int i = 0; i < count; i++) {
      String from = chance(random, 4) ? "String" : type;
      values.add(one(random, stock(REQUESTED, from)));
    }
    return values;
  }

  /** A value that a policy may list under an operator of this type. */
  static String listed(RandomGenerator random, String type) {
    return one(random, stock(LISTED, type));
  }

  private static List<String> stock(Map<String, List<String>> stocks, String type) {
    return stocks.getOrDefault(type, stocks.getOrDefault("String", List.of()));
  }

  /** A key whose values are of a type, now and then of another, in whatever case. */
  static String key(RandomGenerator random, String type) {
    List<String> types = KEYS.keySet().stream().sorted().toList();
    String of = chance(random, 6) || !KEYS.containsKey(type) ? one(random, types) : type;
    if (of.equals("String") && chance(random, 40)) {
      of = "many";
    }
    String key = one(random, stock(KEYS, of));
    return chance(random, 15) ? key.toUpperCase(Locale.ROOT) : key;
  }

  static final List<String> ACTIONS =
      List.of("ecs:RunTask", "ecs:StopTask", "ecs:runtask", "ecr:BatchGetImage", "ecs:ListTasks");

  private static final List<String> ACTION_PATTERNS =
      List.of("*", "ecs:*", "ECS:Run*", "ecs:?topTask", "ecs:RunTask", "ecr:*", "ecs:*Task");

  static String actionPattern(RandomGenerator random, String prefix) {
    return switch (prefix) {
      case "kms" -> one(random, List.of("*", "kms:*", "kms:Decrypt", "KMS:De*", "kms:?ncrypt"));
      case "sts" ->
          one(random, List.of("sts:*", "sts:AssumeRole", "STS:assume*", "sts:TagSession"));
      default -> one(random, ACTION_PATTERNS);
    };
  }

  static final List<String> RESOURCES =
      List.of(
          "arn:aws:ecs:eu-west-1:111122223333:cluster/a",
          "arn:aws:ecs:eu-west-1:111122223333:cluster/ab",
          "arn:aws:ecs:eu-west-1:111122223333:task-definition/x:7",
          "arn:aws:ecs:eu-west-1:444455556666:cluster/a",
          "arn:aws:ecs:eu-west-1:111122223333:cluster/A",
          "arn:aws:ecs:eu-west-1:111122223333:cluster/a/b",
          "arn:aws:ecs:eu-west-1:111122223333:cluster/*",
          "*");

  static final String KEY = "arn:aws:kms:eu-west-1:111122223333:key/1";
  static final String ROLE = "arn:aws:iam::111122223333:role/app/r";

  private static final List<String> RESOURCE_PATTERNS =
      List.of(
          "*",
          "arn:aws:ecs:*",
          "arn:aws:ecs:*:*:*",
          "arn:aws:ecs:*:task-definition/x:7",
          "arn:aws:ecs:eu-*-1:111122223333:cluster/?",
          "arn:aws:ecs:eu-west-1:111122223333:cluster/a",
          "arn:aws:ecs:*:111122223333:cluster/a*",
          "arn:aws:ecs:eu-west-1:111122223333:cluster/${aws:username}",
          "arn:aws:ecs:eu-west-1:111122223333:cluster/${aws:PrincipalTag/team, 'a'}",
          "arn:aws:ecs:eu-west-1:*:cluster/${aws:username}*",
          "arn:aws:ecs:eu-west-1:111122223333:cluster/${*}",
          "arn:aws:ecs:eu-w*:cluster/a",
          "arn:aws:ecs:eu-w*t-1:444455556666:cluster/a",
          "arn:aws:ecs:eu-west-1:111122223333:task-definition/x:?",
          "arn:aws:ecs:eu-west-1:111122223333:cluster?a",
          "arn:aws:ecs:*:cluster/${aws:username}",
          "arn:aws:ecs:*:c*r/a",
          "arn:aws:ecs:*:cl?ster/a",
          "arn:aws:ecs:*:task?definition/x*7",
          "arn:aws:ecs:eu-west-1:444455556666:*");

  static String resourcePattern(RandomGenerator random, String prefix) {
    return switch (prefix) {
      case "kms" ->
          one(random, List.of("*", "arn:aws:kms:*", KEY, "arn:aws:kms:*:111122223333:key/?"));
      case "sts" -> one(random, List.of("*", ROLE, "arn:aws:iam::*:role/*", "arn:aws:iam::*"));
      default -> one(random, RESOURCE_PATTERNS);
    };
  }
}
