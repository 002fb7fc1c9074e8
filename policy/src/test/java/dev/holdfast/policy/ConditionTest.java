// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy;

import static dev.holdfast.policy.Cases.context;
import static dev.holdfast.policy.Cases.holds;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConditionTest {

  @ParameterizedTest(name = "{0} {1} of {2} is {3}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "StringEquals|'a'|a|true",
        "StringEquals|'a'|A|false",
        "StringEquals|'a*'|ab|false",
        "StringEquals|['a','b']|b|true",
        "StringNotEquals|['a','b']|b|false",
        "StringNotEquals|['a','b']|c|true",
        "StringEqualsIgnoreCase|'Straße'|STRAßE|true",
        "StringEqualsIgnoreCase|'k'|\u212A|false",
        "StringNotEqualsIgnoreCase|'ABC'|abc|false",
        "StringLike|'a*c?'|abbbcd|true",
        "StringLike|'a*c?'|abbbc|false",
        "StringNotLike|'a*'|abc|false",
        "StringLike|'a${*}b'|a*b|true",
        "StringLike|'a${*}b'|axb|false",
        "StringEquals|true|true|true",
        "StringEquals|5|5|true",
        "NumericEquals|256|256.0|true",
        "NumericEquals|'256'|0x100|false",
        "NumericNotEquals|1|1.00|false",
        "NumericNotEquals|1|x|false",
        "NumericLessThan|10|9.99|true",
        "NumericLessThanEquals|10|10|true",
        "NumericGreaterThan|10|10|false",
        "NumericGreaterThanEquals|10|1e1|true",
        "NumericGreaterThan|1|1e999999999|true",
        "DateEquals|'2026-05-01'|2026-05-01T00:00Z|true",
        "DateEquals|'2026-05'|2026-05-01T02:00:00.000+02:00|true",
        "DateLessThan|'2026-05-01T10:00:00Z'|1700000000|true",
        "DateGreaterThan|'1700000000'|2026-01-01T00:00:00Z|true",
        "DateGreaterThanEquals|1700000000|1700000000|true",
        "DateLessThanEquals|1700000000|1700000001|false",
        "DateNotEquals|'2026'|2026-01-01|false",
        "DateNotEquals|'2026'|yesterday|false",
        "Bool|'true'|true|true",
        "Bool|false|true|false",
        "Bool|true|yes|false",
        "BinaryEquals|'QUJD'|QUJD|true",
        "BinaryEquals|'QUJD'|QUJE|false",
        "IpAddress|'203.0.113.0/24'|203.0.113.9|true",
        "IpAddress|'203.0.113.0/24'|203.0.114.9|false",
        "IpAddress|'203.0.113.9'|203.0.113.9|true",
        "IpAddress|'0.0.0.0/0'|2001:db8::1|false",
        "IpAddress|'2001:DB8:1234:5678::/64'|2001:db8:1234:5678:0:0:0:1|true",
        "IpAddress|'::ffff:10.0.0.0/104'|10.1.2.3|true",
        "IpAddress|'10.0.0.0/8'|::ffff:10.1.2.3|true",
        "NotIpAddress|'10.0.0.0/8'|10.1.2.3|false",
        "NotIpAddress|'10.0.0.0/8'|2001:db8::1|true",
        "NotIpAddress|'10.0.0.0/8'|localhost|false",
        "ArnLike|'arn:aws:iam::*:role/*'|arn:aws:iam::111122223333:role/a/b:c|true",
        "ArnEquals|'arn:aws:iam::*:role/*'|arn:aws:iam::111122223333:role/a|true",
        "ArnLike|'arn:aws:*:role/*:x:y'|arn:aws:iam::111122223333:role/a|false",
        "ArnLike|'*'|arn:aws:iam::111122223333:role/a|true",
        "ArnLike|'*'|no-arn|false",
        "ArnNotLike|'arn:aws:iam::*:role/*'|arn:aws:iam::111122223333:user/a|true",
        "ArnNotEquals|'arn:aws:iam::*:role/*'|no-arn|false",
        "StringEqualsIfExists|'a'|b|false",
        "Null|true|x|false",
        "Null|false|x|true",
        "ForAllValues:StringEquals|['a','b']|a|true",
        "ForAnyValue:StringNotEquals|'a'|b|true",
      })
  void comparesOneValue(String operator, String values, String value, boolean expected) {
    Context context = context("X:Key", value);
    assertThat(holds("{'" + operator + "':{'x:key':" + values + "}}", context)).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0} {1} of nothing is {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "StringEquals|'a'|false",
        "StringNotEquals|'a'|true",
        "StringNotLike|'a'|true",
        "NumericNotEquals|1|true",
        "NumericLessThan|1|false",
        "DateNotEquals|'2026'|true",
        "Bool|false|false",
        "BoolIfExists|false|true",
        "BinaryEquals|'QUJD'|false",
        "IpAddress|'0.0.0.0/0'|false",
        "NotIpAddress|'0.0.0.0/0'|true",
        "ArnNotLike|'arn:aws:iam::*:role/*'|true",
        "StringEqualsIfExists|'a'|true",
        "StringNotEqualsIfExists|'a'|true",
        "Null|true|true",
        "Null|'false'|false",
        "ForAllValues:StringEquals|'a'|true",
        "ForAnyValue:StringEquals|'a'|false",
        "ForAnyValue:StringNotEquals|'a'|false",
        "ForAnyValue:StringEqualsIfExists|'a'|false",
      })
  void answersForAbsentKeys(String operator, String values, boolean expected) {
    String condition = "{'" + operator + "':{'x:key':" + values + "}}";
    assertThat(holds(condition, Context.EMPTY)).isEqualTo(expected);
    assertThat(holds(condition, Context.of(Map.of("x:key", List.of())))).isEqualTo(expected);
  }

  @Test
  void treatsEmptyTextAsNull() {
    Context empty = context("x:key", "");
    assertThat(holds("{'Null':{'x:key':true}}", empty)).isTrue();
    assertThat(holds("{'ForAllValues:StringEquals':{'x:key':'a'}}", empty)).isTrue();
    assertThat(holds("{'ForAnyValue:StringLike':{'x:key':'*'}}", empty)).isFalse();
  }

  @Test
  void quantifiesOverSeveralValues() {
    Context keys = Context.of(Map.of("aws:TagKeys", List.of("env", "owner")));
    assertThat(holds("{'ForAllValues:StringEquals':{'aws:TagKeys':['env','owner','x']}}", keys))
        .isTrue();
    assertThat(holds("{'ForAllValues:StringEquals':{'aws:TagKeys':'env'}}", keys)).isFalse();
    assertThat(holds("{'ForAnyValue:StringEquals':{'aws:TagKeys':'env'}}", keys)).isTrue();
    assertThat(holds("{'ForAnyValue:StringNotEquals':{'aws:TagKeys':'env'}}", keys)).isTrue();
    assertThat(holds("{'ForAllValues:StringNotEquals':{'aws:TagKeys':'env'}}", keys)).isFalse();
    assertThat(holds("{'StringEquals':{'aws:TagKeys':'env'}}", keys)).isTrue();
    assertThat(holds("{'StringNotEquals':{'aws:TagKeys':'env'}}", keys)).isFalse();
  }

  @Test
  void guardsForAllValuesByNull() {
    String guarded =
        "{'ForAllValues:StringEquals':{'aws:TagKeys':'env'},'Null':{'aws:TagKeys':false}}";
    assertThat(holds(guarded, Context.EMPTY)).isFalse();
    assertThat(holds(guarded, context("aws:TagKeys", "env"))).isTrue();
  }

  @Test
  void joinsOperatorsAndKeysByAnd() {
    String both = "{'StringEquals':{'x:a':'1','x:b':'2'},'Bool':{'x:c':true}}";
    assertThat(holds(both, context("x:a", "1", "x:b", "2", "x:c", "true"))).isTrue();
    assertThat(holds(both, context("x:a", "1", "x:b", "3", "x:c", "true"))).isFalse();
    assertThat(holds(both, context("x:a", "1", "x:b", "2", "x:c", "false"))).isFalse();
  }

  @Test
  void readsKeysWhateverTheirCase() {
    Context context = context("aws:requesttag/ENV", "prod");
    assertThat(holds("{'StringEquals':{'AWS:RequestTag/env':'prod'}}", context)).isTrue();
  }

  @Test
  void substitutesVariables() {
    String condition = "{'StringEquals':{'aws:ResourceTag/team':'${aws:PrincipalTag/team}'}}";
    Context same = context("aws:ResourceTag/team", "a", "aws:principaltag/Team", "a");
    assertThat(holds(condition, same)).isTrue();
    Context other = context("aws:ResourceTag/team", "a", "aws:PrincipalTag/team", "b");
    assertThat(holds(condition, other)).isFalse();
    Context unknown = context("aws:ResourceTag/team", "a");
    assertThat(holds(condition, unknown)).isFalse();
    assertThat(holds(condition.replace("Equals", "NotEquals"), unknown)).isTrue();
    String fallback = "{'StringEquals':{'x:a':'${x:b, \\u0027none\\u0027}'}}";
    assertThat(holds(fallback, context("x:a", "none"))).isTrue();
    assertThat(holds(fallback, context("x:a", "none", "x:b", "some"))).isFalse();
  }

  @Test
  void laysOneContextOverAnother() {
    Context both = context("x:a", "1").over(context("x:a", "2", "x:b", "3"));
    assertThat(both.values("x:a")).containsExactly("1");
    assertThat(both.values("X:B")).containsExactly("3");
    assertThat(both.values("x:c")).isNull();
  }

  @Test
  void asksLazyKeysOnceAndOnlyWhenRead() {
    int[] asked = new int[1];
    Context context =
        Context.builder()
            .lazy(
                "x:key",
                () -> {
                  asked[0]++;
                  return List.of("a");
                })
            .build();
    assertThat(holds("{'StringEquals':{'x:other':'a'}}", context)).isFalse();
    assertThat(asked[0]).isZero();
    assertThat(holds("{'StringEquals':{'x:key':'a'},'StringLike':{'x:key':'a*'}}", context))
        .isTrue();
    assertThat(asked[0]).isEqualTo(1);
  }
}
