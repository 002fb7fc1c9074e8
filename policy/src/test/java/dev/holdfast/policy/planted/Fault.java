// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy.planted;

/**
 * A fault that can be planted in the product: one piece of one source file, replaced by another.
 * The piece must be there once, so that a change of the product shows which faults it touches.
 */
public enum Fault {
  // Evaluator: the layers.
  RESOURCE_CONTROL_IGNORED(
      "Evaluator",
      "denyInLevels(Layer.RESOURCE_CONTROL, policies.resourceControl(), policies, request);",
      "null;"),
  SERVICE_CONTROL_DENY_IGNORED(
      "Evaluator",
      "deny = denyInLevels(Layer.SERVICE_CONTROL, policies.serviceControl(), policies, request);",
      "deny = null;"),
  RESOURCE_DENY_IGNORED(
      "Evaluator",
      "deny = denyIn(policies.resourceLayer(), policies.resources(), policies, request);",
      "deny = null;"),
  IDENTITY_DENY_IGNORED(
      "Evaluator",
      "deny = denyIn(Layer.IDENTITY, policies.identity(), policies, request);",
      "deny = null;"),
  BOUNDARY_DENY_IGNORED("Evaluator", "if (deny == null && boundary != null) {", "if (false) {"),
  SESSION_DENY_IGNORED("Evaluator", "if (deny == null && session != null) {", "if (false) {"),
  DENY_AFTER_ALLOW(
      "Evaluator",
      "if (deny != null) {",
      "if (deny != null && missing(policies, request) != null) {"),
  FIRST_LEVEL_ALONE_ALLOWS(
      "Evaluator",
      "i < policies.serviceControl().size(); i++",
      "i < Math.min(1, policies.serviceControl().size()); i++"),
  FIRST_DOCUMENT_ALONE_ALLOWS(
      "Evaluator",
      "for (int i = 0; i < documents.size(); i++)",
      "for (int i = 0; i < Math.min(1, documents.size()); i++)"),
  STRANGERS_NEED_NO_ALLOW(
      "Evaluator", "return grade == Grade.NONE ? policies.resourceLayer() : null;", "return null;"),
  ACROSS_ACCOUNTS_AS_WITHIN("Evaluator", "if (request.crossAccount()) {", "if (false) {"),
  IDENTITY_ALONE_ACROSS_ACCOUNTS(
      "Evaluator",
      "return identity == null && grade == Grade.NONE ? policies.resourceLayer() : identity;",
      "return identity;"),
  RESOURCE_ALONE_ACROSS_ACCOUNTS(
      "Evaluator",
      "return identity == null && grade == Grade.NONE ? policies.resourceLayer() : identity;",
      "return grade == Grade.NONE ? policies.resourceLayer() : null;"),
  ROOT_OPENS_KEYS(
      "Evaluator",
      "if (caller.kind() == Kind.ROOT && policies.gate() == Gate.NONE) {",
      "if (caller.kind() == Kind.ROOT) {"),
  DIRECT_IS_LIMITED(
      "Evaluator", "case DIRECT -> null;", "case DIRECT -> limiting(policies, request);"),
  ROLE_IS_DIRECT("Evaluator", "case ROLE -> limiting(policies, request);", "case ROLE -> null;"),
  ROLE_IS_ACCOUNT(
      "Evaluator",
      "case ROLE -> limiting(policies, request);",
      "case ROLE -> missingIdentity(policies, request);"),
  ACCOUNT_IS_DIRECT(
      "Evaluator", "case ACCOUNT -> missingIdentity(policies, request);", "case ACCOUNT -> null;"),
  KEY_POLICY_IS_NO_GATE(
      "Evaluator",
      "          policies.gate() == Gate.NONE\n              ? missingIdentity",
      "          true\n              ? missingIdentity"),
  IDENTITY_ALLOW_IS_NOT_NEEDED(
      "Evaluator", "if (!root && !allows(policies.identity(), request)) {", "if (false) {"),
  BOUNDARY_IGNORED(
      "Evaluator", "if (boundary != null && !allows(boundary, request)) {", "if (false) {"),
  SESSION_IGNORED("Evaluator", ": !allows(session, request);", ": false;"),
  EMPTY_SESSION_IS_NONE(
      "Evaluator", "session == null ? request", "(session == null || session.isEmpty()) ? request"),
  FEDERATED_INHERITS(
      "Evaluator",
      "session == null ? request.caller().kind() == Kind.FEDERATED",
      "session == null ? false"),
  FIRST_GRADE_COUNTS(
      "Evaluator",
      "while (i < allows.size() && best != Grade.DIRECT) {",
      "while (i < allows.size() && best == Grade.NONE) {"),

  // Statements: what they cover.
  CONDITIONS_IGNORED("Statement", "&& failing(request.context()) == null", ""),
  FIRST_CONDITION_ALONE(
      "Statement", "i < conditions.size(); i++", "i < Math.min(1, conditions.size()); i++"),
  RESOURCE_OF_STATEMENT_IGNORED("Statement", "&& coversResource(request)", ""),
  NOT_ACTION_IS_ACTION("StatementParser", "return new Actions(not, ", "return new Actions(false, "),
  NOT_RESOURCE_IS_RESOURCE(
      "StatementParser", "return new Resources(not, ", "return new Resources(false, "),
  NOT_PRINCIPAL_IS_PRINCIPAL(
      "StatementParser",
      "new Subject(true, principals(excepted))",
      "new Subject(false, principals(excepted))"),
  ACTIONS_HAVE_CASE(
      "StatementParser",
      "Template.parse(folded, false, true)",
      "Template.parse(action, false, true)"),
  RESOURCES_KNOW_NO_VARIABLES(
      "StatementParser",
      "ResourcePattern.parse(resource, expand)",
      "ResourcePattern.parse(resource, false)"),
  OLD_VERSION_IS_NEW(
      "DocumentParser", "statements.size(), version.equals(V2012))", "statements.size(), true)"),
  NEW_VERSION_IS_OLD(
      "DocumentParser", "statements.size(), version.equals(V2012))", "statements.size(), false)"),
  NO_VERSION_IS_NEW("DocumentParser", "== null ? V2008 : text", "== null ? V2012 : text"),
  DENY_IS_ALLOW(
      "PolicyDocument",
      "(statement.effect() == Effect.DENY ? denies : allows)",
      "(statement.effect() == Effect.DENY ? allows : denies)"),
  PASSED_OVER_BY_THE_WRONG_PAIRS(
      "Shortlist", "(wanted[2 * index] & ~first)", "(~wanted[2 * index] & first)"),

  // Principals.
  NOT_PRINCIPAL_SPARES_BOUNDED("Statement", "!bounded && subject", "subject"),
  EVERYONE_MEANS_PROVIDERS(
      "Statement", "effect == Effect.ALLOW && caller.kind()", "false && caller.kind()"),
  UNIQUE_ID_IGNORED("Principals", "(!uniqueId.isEmpty() && aws.contains(uniqueId))", "false"),
  ISSUER_IS_THE_SESSION(
      "Principals", "? Grade.ROLE : delegated(caller)", "? Grade.DIRECT : delegated(caller)"),
  ACCOUNT_NAMES_NOBODY("Principals", "? Grade.ACCOUNT : Grade.NONE", "? Grade.NONE : Grade.NONE"),
  NOT_PRINCIPAL_WITHOUT_ACCOUNT(
      "Principals", "yield account && issuer && aws", "yield issuer && aws"),
  NOT_PRINCIPAL_WITHOUT_ISSUER(
      "Principals", "yield account && issuer && aws", "yield account && aws"),
  NOT_PRINCIPAL_USER_WITHOUT_ACCOUNT(
      "Principals", "case USER -> account && named", "case USER -> named"),

  // Conditions: absent keys and sets.
  IF_EXISTS_IGNORED("Condition", "if (absent && ifExists &&", "if (false && absent && ifExists &&"),
  IF_EXISTS_WIDENS_FOR_ANY("Condition", " && quantifier != Quantifier.FOR_ANY) {", ") {"),
  FOR_ALL_OF_NONE_IS_FALSE(
      "Condition",
      "FOR_ALL -> absent || empty(values) || all",
      "FOR_ALL -> !absent && !empty(values) && all"),
  FOR_ANY_OF_NONE_IS_TRUE(
      "Condition",
      "FOR_ANY -> !absent && !empty(values) && any",
      "FOR_ANY -> absent || empty(values) || any"),
  FOR_ALL_IS_FOR_ANY(
      "Condition",
      "empty(values) || all(values, context)",
      "empty(values) || any(values, context)"),
  FOR_ANY_IS_FOR_ALL(
      "Condition",
      "!empty(values) && any(values, context)",
      "!empty(values) && all(values, context)"),
  NEGATED_IS_ANY("Condition", "yield operator.negated() ? all(values, context) : any", "yield any"),
  PLAIN_IS_ALL("Condition", ": any(values, context);", ": all(values, context);"),
  NEGATED_OF_ABSENT_IS_FALSE("Condition", "yield operator.negated();", "yield false;"),
  PLAIN_OF_ABSENT_IS_TRUE("Condition", "yield operator.negated();", "yield true;"),
  EMPTY_TEXT_IS_A_VALUE("Condition", "absent || empty(values) ? \"true\"", "absent ? \"true\""),
  NULL_INVERTED("Condition", "? \"true\" : \"false\"", "? \"false\" : \"true\""),
  UNREADABLE_IS_ANOTHER(
      "Condition",
      "== (operator.negated() ? Outcome.FAILS : Outcome.HOLDS)",
      "== Outcome.HOLDS ^ operator.negated()"),
  VARIABLES_NEVER("Condition", "Template.parse(value, expand,", "Template.parse(value, false,"),
  VARIABLES_ALWAYS("Condition", "Template.parse(value, expand,", "Template.parse(value, true,"),

  // Operators.
  EQUALS_IGNORES_CASE(
      "Comparison", "EXACT -> exact(templates)", "EXACT -> ignoringCase(templates)"),
  IGNORE_CASE_HAS_CASE(
      "Comparison", "FOLDED -> ignoringCase(templates)", "FOLDED -> exact(templates)"),
  CASE_OF_ASCII_ALONE("Comparison", "c <= 0xFF", "c <= 0x7F"),
  LIKE_KNOWS_NO_WILDCARDS("Condition", "op.type() == Operator.Type.LIKE || op", "op"),
  ARN_STAR_RUNS_OVER_COLONS(
      "Comparison", "ARN -> ArnPatterns.of(templates)", "ARN -> globs(templates)"),
  ANY_SIX_PARTS_ARE_AN_ARN("ArnPatterns", "!value.startsWith(\"arn:\") || ", ""),
  LESS_ADMITS_EQUALS("Operator", "case LESS -> comparison < 0", "case LESS -> comparison <= 0"),
  AT_LEAST_EXCLUDES_EQUALS(
      "Operator", "GREATER_OR_EQUAL -> comparison >= 0", "GREATER_OR_EQUAL -> comparison > 0"),
  BEFORE_IS_AFTER(
      "Operator",
      "(\"DateLessThan\", Type.DATE, Relation.LESS)",
      "(\"DateLessThan\", Type.DATE, Relation.GREATER)"),
  NOT_EQUALS_IS_EQUALS(
      "Operator",
      "(\"NumericNotEquals\", Type.NUMBER, true)",
      "(\"NumericNotEquals\", Type.NUMBER, false)"),
  NUMBERS_ARE_TEXTS(
      "Comparison",
      "number.compareTo(numbers.get(i))",
      "number.toString().compareTo(numbers.get(i).toString())"),
  NUMBERS_ARE_DOUBLES("Comparison", "Long.compare(number, limit)", "Double.compare(number, limit)"),
  BINARY_BY_LENGTH("Comparison", "Arrays.equals(w, bytes)", "w.length == bytes.length"),
  BOOL_HAS_CASE("Comparison", "text.equalsIgnoreCase(\"true\")", "text.equals(\"true\")"),
  RANGES_ARE_ADDRESSES(
      "Comparison", "value.indexOf('/') < 0 ? Network.parse(value) : null", "Network.parse(value)"),
  PREFIX_IGNORED("Network", "(address & mask(bits + 32)) == low", "address == low"),
  LEADING_ZEROS_ARE_DECIMAL("Network", " || (length > 1 && text.charAt(from) == '0')", ""),
  MAPPED_ADDRESSES_ARE_OTHERS("Network", "== 0xFFFF && bits >= 96", "== 0xFFFF && bits > 128"),
  ZONE_IGNORED("Dates", "toInstant(at)", "toInstant(ZoneOffset.UTC)"),

  // Wildcards and variables.
  STAR_IS_ONE_AT_LEAST(
      "Glob",
      "case PREFIX -> text.startsWith(segments[0])",
      "case PREFIX -> text.length() > segments[0].length() && text.startsWith(segments[0])"),
  LITERALS_HAVE_NO_CASE("Glob", "text.equals(segments[0])", "text.equalsIgnoreCase(segments[0])"),
  QUESTION_MARK_IS_ITSELF("Glob", "token == c || token == ONE ||", "token == c ||"),
  PARTS_ARE_OPEN("ResourcePattern", "tokens[i] = Glob.RUN_IN_PART", "tokens[i] = Glob.RUN"),
  PARTS_ARE_CLOSED(
      "ResourcePattern",
      "        open = true;",
      "        open = true;\n        tokens[i] = Glob.RUN_IN_PART;"),
  VALUE_IS_A_PATTERN(
      "Template",
      "out[size++] = value.charAt(i)",
      "out[size++] = value.charAt(i) == '*' ? Glob.RUN : value.charAt(i)"),
  VALUE_IS_A_WILDCARD(
      "OpenGlob",
      "if (value == null || !text.startsWith(value, at)) {",
      """
      if (value != null && value.equals("*")) {
                return text.length();
              }
              if (value == null || !text.startsWith(value, at)) {\
      """),
  WITHOUT_A_VALUE_IS_EMPTY(
      "OpenGlob",
      "if (value == null || !text.startsWith(value, at)) {",
      """
      if (value == null) {
                continue;
              }
              if (!text.startsWith(value, at)) {\
      """),
  END_OF_AN_OPEN_PATTERN_IGNORED("OpenGlob", "return at == text.length();", "return at >= 0;"),
  DEFAULT_IGNORED("Template", "return variable.fallback();", "return null;"),
  EMPTY_VALUE_IS_ONE("Template", " && !values.getFirst().isEmpty()", ""),
  FIRST_OF_SEVERAL_IS_THE_VALUE("Template", "values.size() == 1", "!values.isEmpty()"),
  ESCAPED_STAR_IS_A_WILDCARD(
      "Template",
      "token = inner.charAt(0)",
      "token = inner.equals(\"*\") ? Glob.RUN : inner.charAt(0)");

  private final String file;
  private final String piece;
  private final String replacement;

  Fault(String file, String piece, String replacement) {
    this.file = file + ".java";
    this.piece = piece;
    this.replacement = replacement;
  }

  /** The source file, without its folder. */
  public String file() {
    return file;
  }

  /**
   * The source with the fault in it.
   *
   * @throws IllegalStateException where the piece is not there, or more than once
   */
  public String plant(String source) {
    int at = source.indexOf(piece);
    if (at < 0 || source.indexOf(piece, at + 1) >= 0) {
      throw new IllegalStateException(
          this + " is to replace what " + file + " does not have once: " + piece);
    }
    return source.substring(0, at) + replacement + source.substring(at + piece.length());
  }
}
