// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy.literal;

/**
 * A fault that can be planted in the literal evaluator. Each must be noticed by the comparison, or
 * the comparison would not notice the same fault in the product.
 */
public enum Mutant {
  /** {@code ...IfExists} is the plain operator. */
  IF_EXISTS_IGNORED,
  /** {@code ForAllValues} over no value is false. */
  FOR_ALL_OF_NONE_IS_FALSE,
  /** {@code ForAnyValue} over no value is true. */
  FOR_ANY_OF_NONE_IS_TRUE,
  /** {@code ForAllValues} is content with one value. */
  FOR_ALL_IS_FOR_ANY,
  /** {@code StringEquals} ignores case. */
  STRING_EQUALS_IGNORES_CASE,
  /** A wildcard in {@code StringEquals} is one. */
  STRING_EQUALS_KNOWS_WILDCARDS,
  /** A negated operator needs one listed value to differ, not all. */
  NEGATED_IS_ANY,
  /** A negated operator is false where the key is absent. */
  NEGATED_ABSENT_IS_FALSE,
  /** {@code Null} takes the empty string for a value. */
  EMPTY_STRING_IS_A_VALUE,
  /** Variables are literal text in 2012 too. */
  VARIABLES_NEVER,
  /** Variables are replaced in 2008 too. */
  VARIABLES_ALWAYS,
  /** What a variable is replaced with acts as a pattern. */
  VARIABLE_VALUE_IS_A_PATTERN,
  /** A default is not used. */
  DEFAULT_IGNORED,
  /** {@code NotResource} is {@code Resource}. */
  NOT_RESOURCE_INVERTED,
  /** {@code NotAction} is {@code Action}. */
  NOT_ACTION_INVERTED,
  /** Actions are compared with their case. */
  ACTIONS_HAVE_CASE,
  /** {@code *} of a resource stays between colons, also at the end of a part. */
  RESOURCE_STAR_STOPS_AT_COLONS,
  /** {@code *} of an ARN condition runs over colons. */
  ARN_STAR_RUNS_OVER_COLONS,
  /** {@code NumericEquals} compares spellings. */
  NUMBERS_ARE_TEXTS,
  /** {@code ...LessThan} admits the value itself. */
  LESS_THAN_ADMITS_EQUALS,
  /** A network's prefix length is not looked at. */
  PREFIX_IGNORED,
  /** The permissions boundary is not looked at. */
  BOUNDARY_IGNORED,
  /** The boundary allows by itself. */
  BOUNDARY_GRANTS,
  /** Session policies add to the role's. */
  SESSION_UNITES,
  /** An explicit deny counts in identity policies alone. */
  DENY_IN_IDENTITY_ONLY,
  /** One level of the organisation that allows is enough. */
  ONE_LEVEL_ALLOWS,
  /** The Deny statements of resource control policies do not count. */
  RESOURCE_CONTROL_IGNORED,
  /** A resource policy alone allows a caller from another account. */
  RESOURCE_ALONE_ACROSS_ACCOUNTS,
  /** A resource policy that names the account allows its members by itself. */
  ACCOUNT_IS_DIRECT,
  /** A resource policy that names a role overrides the boundary of its sessions. */
  ROLE_IS_DIRECT,
  /** {@code NotPrincipal} exempts a session whose role is listed without its account. */
  NOT_PRINCIPAL_ANY_OF_CHAIN,
  /** {@code NotPrincipal} spares a principal with a boundary. */
  NOT_PRINCIPAL_SPARES_BOUNDED,
  /** Identity policies count for keys whose policy does not delegate. */
  KEY_POLICY_IS_NO_GATE,
  /** The root user of the account may use keys whose policy does not name it. */
  ROOT_OPENS_KEYS,
  /** A session of a federated user without session policies has its user's permissions. */
  FEDERATED_INHERITS,
  /** A deleted user or role is known again by its ARN. */
  UNIQUE_ID_IGNORED
}
