// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.policy.PolicyDocument.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DocumentParserTest {
  private static final String SYNTAX = "Syntax errors in policy.";

  private static PolicyDocument parse(Kind kind, String json) {
    return PolicyDocument.parse(json.replace('\'', '"'), kind);
  }

  private static String refusal(Kind kind, String json) {
    MalformedPolicy refused = catchThrowableOfType(MalformedPolicy.class, () -> parse(kind, json));
    assertThat(refused.detail()).isNotBlank();
    return String.valueOf(refused.getMessage());
  }

  private static String refusedStatement(Kind kind, String members) {
    return refusal(kind, "{'Version':'2012-10-17','Statement':{" + members + "}}");
  }

  @Test
  void keepsTextVersionAndStatements() {
    String text =
        "{ 'Version':'2012-10-17', 'Statement':[{'Sid':'A','Effect':'Allow','Action':['ecs:*'],"
            + "'Resource':'*'},{'Effect':'Deny','Action':'iam:*','Resource':'*'}]}";
    PolicyDocument document = parse(Kind.IDENTITY, text);
    assertThat(document.source()).isEqualTo(text.replace('\'', '"'));
    assertThat(document.size()).isEqualTo(text.length() - 2);
    assertThat(document.version()).isEqualTo("2012-10-17");
    assertThat(document.statements()).extracting(Statement::sid).containsExactly("A", null);
    assertThat(document.statements()).extracting(Statement::index).containsExactly(0, 1);
    assertThat(document.statements())
        .extracting(Statement::effect)
        .containsExactly(Effect.ALLOW, Effect.DENY);
  }

  @Test
  void takesTheOldVersionForDefault() {
    String text = "{'Statement':{'Effect':'Allow','Action':'*','Resource':'*'}}";
    assertThat(parse(Kind.IDENTITY, text).version()).isEqualTo("2008-10-17");
  }

  @Test
  void listsTheKeysItReads() {
    String text =
        "{'Version':'2012-10-17','Statement':{'Effect':'Allow','Action':'*','Resource':"
            + "'arn:aws:ecs:*:*:cluster/${aws:username}','Condition':{'StringLike':"
            + "{'aws:RequestTag/env':'${aws:PrincipalTag/env}','AWS:USERNAME':'x'}}}}";
    assertThat(parse(Kind.IDENTITY, text).contextKeys())
        .containsExactly("aws:PrincipalTag/env", "aws:RequestTag/env", "AWS:USERNAME");
  }

  @Test
  void replacesPrincipalsByTheirIds() {
    String text =
        "{'Version':'2012-10-17','Statement':{'Effect':'Allow','Principal':{'AWS':["
            + "'arn:aws:iam::111122223333:user/bob','111122223333']},'Action':'sts:AssumeRole'}}";
    PolicyDocument trust = parse(Kind.TRUST, text);
    assertThat(trust.awsPrincipals())
        .containsExactly("arn:aws:iam::111122223333:user/bob", "111122223333");
    PolicyDocument saved =
        trust.mapAwsPrincipals((p, _) -> p.endsWith("bob") ? "AIDABOBBOBBOBBOBBOB12" : p);
    assertThat(saved.awsPrincipals()).containsExactly("AIDABOBBOBBOBBOBBOB12", "111122223333");
    assertThat(trust.mapAwsPrincipals((p, _) -> p)).isSameAs(trust);
    assertThatThrownBy(() -> trust.mapAwsPrincipals((_, _) -> "nobody"))
        .isInstanceOf(MalformedPolicy.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "nonsense|This policy contains invalid Json",
        "[]|This policy contains invalid Json",
        "{'Statement':[],'Statement':[]}|This policy contains invalid Json",
        "{}|Syntax errors in policy.",
        "{'Statement':[]}|Syntax errors in policy.",
        "{'Statement':[5]}|Syntax errors in policy.",
        "{'statement':[]}|Syntax errors in policy.",
        "{'Id':'x','Statement':{'Effect':'Allow','Action':'*','Resource':'*'}}"
            + "|Syntax errors in policy.",
        "{'Version':'2015-01-01','Statement':{'Effect':'Allow','Action':'*','Resource':'*'}}"
            + "|Syntax errors in policy.",
        "{'Version':2012,'Statement':{'Effect':'Allow','Action':'*','Resource':'*'}}"
            + "|Syntax errors in policy.",
      })
  void refusesBadDocuments(String json, String message) {
    assertThat(refusal(Kind.IDENTITY, json)).isEqualTo(message);
  }

  @Test
  void refusesCharactersOutsideLatin1() {
    assertThat(refusal(Kind.IDENTITY, "{'Version':'\u20ac'}"))
        .startsWith("The specified value for policyDocument is invalid.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "'Action':'*','Resource':'*'|Missing required field Effect",
        "'Effect':'allow','Action':'*','Resource':'*'|Syntax errors in policy.",
        "'Effect':'Allow','Resource':'*'|Policy statement must contain actions.",
        "'Effect':'Allow','Action':'*'|Policy statement must contain resources.",
        "'Effect':'Allow','Action':[],'Resource':'*'|Syntax errors in policy.",
        "'Effect':'Allow','Action':'*','Resource':[]|Syntax errors in policy.",
        "'Effect':'Allow','Action':'*','NotAction':'*','Resource':'*'|Syntax errors in policy.",
        "'Effect':'Allow','Action':'*','Resource':'*','NotResource':'*'|Syntax errors in policy.",
        "'Effect':'Allow','Action':'*','Resource':'*','Foo':1|Syntax errors in policy.",
        "'Effect':'Allow','Action':'RunTask','Resource':'*'"
            + "|Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
        "'Effect':'Allow','Action':'a:b:c','Resource':'*'"
            + "|Actions/Condition can contain only one colon.",
        "'Effect':'Allow','Action':'e*:Run','Resource':'*'|Vendor e* is not valid",
        "'Effect':'Allow','Action':'ecs:','Resource':'*'|Syntax errors in policy.",
        "'Effect':'Allow','Action':'ecs:Run Task','Resource':'*'|Syntax errors in policy.",
        "'Effect':'Allow','Action':'ecs:${x:y}','Resource':'*'"
            + "|Actions/Condition can contain only one colon.",
        "'Effect':'Allow','Action':'*:*','Resource':'*'|Vendor * is not valid",
        "'Effect':'Allow','Action':'*','Resource':'arn:aws:ecs:eu-west-1:1'"
            + "|Resource arn:aws:ecs:eu-west-1:1 must be in ARN format or \"*\".",
        "'Effect':'Allow','Action':'*','Resource':'arn:aws:ecs:${a:b}:1:c'"
            + "|Syntax errors in policy.",
        "'Effect':'Allow','Action':'*','Resource':'arn:aws:ecs:r:1:c/${a:b'"
            + "|Syntax errors in policy.",
        "'Effect':'Allow','Action':'*','Resource':'arn:aws:ecs:r:1:c/${}'"
            + "|Syntax errors in policy.",
        "'Effect':'Allow','Action':'*','Resource':'arn:aws:ecs:r:1:c/${a:b, c}'"
            + "|Syntax errors in policy.",
        "'Effect':'Allow','Action':'*','Resource':'x'"
            + "|Resource x must be in ARN format or \"*\".",
        "'Effect':'Allow','Action':'*','Resource':'arn:aws:e*:::x'"
            + "|Resource vendor must be fully qualified and cannot contain regexes.",
        "'Effect':'Allow','Action':'*','Resource':'*','Principal':'*'"
            + "|Policy document should not specify a principal.",
        "'Sid':'a b','Effect':'Allow','Action':'*','Resource':'*'"
            + "|Statement IDs (SID) must be alpha-numeric. Check that your input satisfies"
            + " the regular expression [0-9A-Za-z]*",
        "'Effect':'Allow','Action':'*','Resource':'*','Condition':[]|Syntax errors in policy.",
        "'Effect':'Allow','Action':'*','Resource':'*','Condition':{'Bool':{}}"
            + "|Syntax errors in policy.",
        "'Effect':'Allow','Action':'*','Resource':'*','Condition':{'Bool':{'a:b':[]}}"
            + "|Syntax errors in policy.",
        "'Effect':'Allow','Action':'*','Resource':'*','Condition':{'Bool':{'a:b':'maybe'}}"
            + "|Syntax errors in policy.",
        "'Effect':'Allow','Action':'*','Resource':'*','Condition':{'Bool':{'a:b':null}}"
            + "|Syntax errors in policy.",
        "'Effect':'Allow','Action':'*','Resource':'*','Condition':{'Bool':{'ab':true}}"
            + "|Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
        "'Effect':'Allow','Action':'*','Resource':'*','Condition':{'bool':{'a:b':true}}"
            + "|Invalid Condition type : bool.",
        "'Effect':'Allow','Action':'*','Resource':'*','Condition':{'NullIfExists':{'a:b':true}}"
            + "|Invalid Condition type : NullIfExists.",
        "'Effect':'Allow','Action':'*','Resource':'*','Condition':{'IpAddress':{'a:b':'1.2.3'}}"
            + "|Syntax errors in policy.",
        "'Effect':'Allow','Action':'*','Resource':'*','Condition':{'IpAddress':{'a:b':'010.1.2.3'}}"
            + "|Syntax errors in policy.",
        "'Effect':'Allow','Action':'*','Resource':'*','Condition':{'DateLessThan':{'a:b':'soon'}}"
            + "|Syntax errors in policy.",
        "'Effect':'Allow','Action':'*','Resource':'*','Condition':{'NumericEquals':{'a:b':'x'}}"
            + "|Syntax errors in policy.",
        "'Effect':'Allow','Action':'*','Resource':'*','Condition':{'BinaryEquals':{'a:b':'A'}}"
            + "|Syntax errors in policy.",
        "'Effect':'Allow','Action':'*','Resource':'*','Condition':{'StringLike':{'a:b':'${c'}}"
            + "|Syntax errors in policy.",
        "'Effect':'Allow','Action':'*','Resource':'*','Condition':{'ForAllValues:Null':{'a:b':true}}"
            + "|Invalid Condition type : ForAllValues:Null.",
        "'Effect':'Allow','Action':'*','Resource':'*','Condition':{'ArnLike':{'a:b':'arn:x'}}"
            + "|Syntax errors in policy.",
      })
  void refusesBadStatements(String members, String message) {
    assertThat(refusedStatement(Kind.IDENTITY, members)).isEqualTo(message);
  }

  @Test
  void refusesRepeatedSids() {
    String one = "{'Sid':'A','Effect':'Allow','Action':'*','Resource':'*'}";
    assertThat(refusal(Kind.IDENTITY, "{'Statement':[" + one + "," + one + "]}"))
        .isEqualTo("Statement IDs (SID) in a single policy must be unique.");
  }

  @Test
  void holdsTrustPoliciesToTheirGrammar() {
    String assume = "'Effect':'Allow','Action':'sts:AssumeRole'";
    String anyone = "'Principal':{'AWS':'111122223333'},";
    assertThat(refusedStatement(Kind.TRUST, assume)).isEqualTo("Missing required field Principal");
    assertThat(refusedStatement(Kind.TRUST, anyone + assume + ",'Resource':'*'"))
        .isEqualTo("Has prohibited field Resource");
    assertThat(refusedStatement(Kind.TRUST, "'Not" + anyone.substring(1) + assume))
        .isEqualTo("Has prohibited field NotPrincipal");
    assertThat(refusedStatement(Kind.TRUST, anyone + "'Effect':'Allow','Action':'ecs:*'"))
        .isEqualTo("AssumeRole policy may only specify STS AssumeRole actions.");
    assertThat(refusedStatement(Kind.TRUST, anyone + "'Effect':'Allow','Action':'*'"))
        .isEqualTo("AssumeRole policy may only specify STS AssumeRole actions.");
  }

  @Test
  void holdsResourcePoliciesToTheirGrammar() {
    String all = "'Effect':'Allow','Action':'kms:*'";
    assertThat(refusedStatement(Kind.RESOURCE, all)).isEqualTo("Missing required field Principal");
    assertThat(refusedStatement(Kind.RESOURCE, "'NotPrincipal':'*'," + all)).contains("Allow");
    String spaced = "'Sid':'Enable IAM User Permissions','Principal':'*'," + all;
    assertThat(
            parse(Kind.RESOURCE, "{'Version':'2012-10-17','Id':'x','Statement':{" + spaced + "}}")
                .id())
        .isEqualTo("x");
    for (String bad :
        List.of(
            "'nobody'",
            "{'AWS':'arn:aws:iam::111122223333:user/*'}",
            "{'AWS':'arn:aws:iam::111122223333:group/g'}",
            "{'AWS':'arn:aws:iam::1:user/u'}",
            "{'AWS':'arn:aws:iam::111122223333:user/'}",
            "{'AWS':'bob'}",
            "{'AWS':'arn:a*s:iam::111122223333:root'}",
            "{'AWS':'arn:aws:iam::111122223333:user/a b'}",
            "{'AWS':'arn:aws:iam::111122223333:user/path*/b'}",
            "{'AWS':'arn:aws:sts::111122223333:assumed-role/r'}",
            "{'AWS':'arn:aws:sts::111122223333:assumed-role/r}/s'}",
            "{'AWS':'arn:aws:sts::111122223333:assumed-role/p/r/s'}",
            "{'Service':'*'}",
            "{'Service':'ecs'}",
            "{'Service':'ECS.amazonaws.com'}",
            "{'Service':'arn:aws:iam::111122223333:role/r'}",
            "{'Federated':'*'}",
            "{'CanonicalUser':'79a59d'}")) {
      assertThat(refusedStatement(Kind.RESOURCE, "'Principal':" + bad + "," + all))
          .startsWith("Invalid principal in policy: ");
    }
    assertThat(refusedStatement(Kind.RESOURCE, "'Principal':{'Service':'ecs'}," + all))
        .isEqualTo("Invalid principal in policy: \"SERVICE\":\"ecs\"");
    for (String bad : List.of("{}", "[]", "5", "{'AWS':[]}", "{'AWS':5}")) {
      assertThat(refusedStatement(Kind.RESOURCE, "'Principal':" + bad + "," + all))
          .isEqualTo(SYNTAX);
    }
  }
}
