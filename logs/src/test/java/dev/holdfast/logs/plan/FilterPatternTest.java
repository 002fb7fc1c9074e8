// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.logs.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilterPatternTest {
  private static boolean matches(String pattern, String message) {
    return FilterPattern.parse(pattern).matches(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`` | anything | true",
        "ERROR | [ERROR 400] BAD REQUEST | true",
        "error | [ERROR 400] BAD REQUEST | false",
        "ERROR ARGUMENTS | ERROR: few ARGUMENTS | true",
        "ERROR ARGUMENTS | ERROR: few | false",
        "?ERROR ?WARN | a WARN | true",
        "?ERROR ?WARN | an INFO | false",
        "?ERROR INFO | an INFO | true",
        "ERROR -EXITING | ERROR 5 | true",
        "ERROR -EXITING | ERROR EXITING | false",
        "-EXITING | anything | true",
        "`\"INTERNAL SERVER ERROR\"` | 500 INTERNAL SERVER ERROR | true",
        "`\"a \\\"b\\\"\"` | a \"b\" c | true",
        "`\"INTERNAL ERROR\"` | INTERNAL SERVER ERROR | false",
        "%AUTHORIZED% | UNAUTHORIZED REQUEST | true",
        "%^[hc]at% | hat | true",
        "%^[hc]at% | that | false",
        "%[hc]at$% | the cat | true",
        "%[hc]at$% | cats | false",
        "%colou?r% | color | true",
        "%ab{2,3}c% | abbbc | true",
        "%ab{2,3}c% | abc | false",
        "%ab{2}c% | abbc | true",
        "%10\\.10\\.0\\.1% | ip 10.10.0.1 | true",
        "%10\\.10\\.0\\.1% | ip 10a10.0.1 | false",
        "%\\d{1,3}ms% | took 12ms | true",
        "%\\S+@\\w+% | mail a@b | true",
        "%[^a-z]% | abc | false",
        "%x.*y% | x ü y | true",
      })
  void termsAndExpressions(String pattern, String message, boolean expected) {
    assertThat(matches(pattern == null ? "" : pattern, message)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "$.eventType = \"UpdateTrail\" | true",
        "$.eventType = Update* | true",
        "$.eventType = \"*Trail\" | true",
        "$.eventType != \"UpdateTrail\" | false",
        "$.eventType = updateTrail | false",
        "$.sourceIPAddress != 123.123.* | true",
        "$.sourceIPAddress = %10\\.0\\.% | false",
        "$.arrayKey[0] = \"value\" | true",
        "$.arrayKey[*] = \"another\" | true",
        "$.arrayKey[7] = \"another\" | false",
        "$.objectList[1].id = 2 | true",
        "$.code > 499 && $.code <= 500 | true",
        "$.code = 500 | true",
        "$.code = 5* | true",
        "$.code < 499 | false",
        "$.eventType > 3 | false",
        "$.none NOT EXISTS | true",
        "$.eventType NOT EXISTS | false",
        "$.none != \"x\" | false",
        "$.nothing IS NULL | true",
        "$.none IS NULL | false",
        "$.yes IS TRUE | true",
        "$.yes IS FALSE | false",
        "($.code = 1 ## $.yes IS TRUE) && $.eventType = * | true",
        "$.code = 1 ## $.code = 500 && $.yes IS FALSE | false",
        "$.['a b'] = 1 | true",
        "$.[\"a b\"] = 1 | true",
      })
  void conditionsOnMembers(String condition, boolean expected) {
    String message =
        """
        {"eventType":"UpdateTrail","sourceIPAddress":"111.111.111.111","code":500,"yes":true,
         "arrayKey":["value","another"],"objectList":[{"id":1},{"id":2}],"nothing":null,"a b":1}""";
    String pattern = "{ " + condition.replace("##", "||") + " }";
    assertThat(matches(pattern, message)).isEqualTo(expected);
    assertThat(matches(pattern, "no JSON")).isFalse();
    assertThat(matches(pattern, "[1]")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[ip, user, name, time, request, status, bytes] | true",
        "[ip, user] | false",
        "[ip, ...] | true",
        "[..., status = 4*, bytes] | true",
        "[..., status = 5*, bytes] | false",
        "[ip, user, ..., status >= 400 && status < 500, bytes > 1000] | true",
        "[ip = 127.0.0.*, ...] | true",
        "[ip != 127.0.0.1, ...] | false",
        "[ip = %127\\.0\\.0\\.[1-9]%, ...] | true",
        "[ip, user, name, time, request = *html*, status = 500 ## status = 404, bytes] | true",
        "[ip, user, name, time, request = \"*ftp*\", ...] | false",
      })
  void conditionsOnWords(String pattern, boolean expected) {
    String message =
        "127.0.0.1 Prod frank [10/Oct/2000:13:25:15 -0700] \"GET /index.html HTTP/1.0\" 404 1534";
    assertThat(matches(pattern.replace("##", "||"), message)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{ $.a = 1",
        "{}",
        "{ }",
        "{",
        "[",
        "[]",
        "[a",
        "{ $ = 1 }",
        "{ $.a }",
        "{ $.a = }",
        "{ $.a IS 3 }",
        "{ ($.a = 1 }",
        "{ $.a > x }",
        "[a, ..., b, ...]",
        "[a = 1 && b = 2]",
        "[status = 4* && bytes > 1000]",
        "\"open",
        "\"\"",
        "?",
        "a:b",
        "%open",
        "%%",
        "%(a)%",
        "%a{3,1}%",
        "%a{999}%",
        "%[]%",
        "%something!%",
        "%a% %b% %c%"
      })
  void whatIsNoPatternIsRefused(String pattern) {
    assertThatThrownBy(() -> FilterPattern.parse(pattern))
        .isInstanceOf(FilterPattern.Invalid.class)
        .hasMessageNotContainingAny("null", "exception");
  }

  @Test
  void saysWhereABraceIsMissing() {
    assertThatThrownBy(() -> FilterPattern.parse("{$.a=1"))
        .hasMessage("If a filter pattern starts with '{' it must end with '}'");
    assertThatThrownBy(() -> FilterPattern.parse("a/b"))
        .hasMessage("Invalid character(s) in term 'a/b'");
  }

  @Test
  void anExpressionTakesTimeAsTheTextDoes() {
    String nasty = "%a*a*a*a*a*a*a*a*a*b%";
    assertThat(matches(nasty, "a".repeat(200_000))).isFalse();
    assertThat(matches("%gra|ey$%", "they")).isTrue();
    assertThat(matches("%gra|ey$%", "grave")).isTrue();
    assertThat(matches("%gra|ey$%", "keys")).isFalse();
  }
}
