// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.plan.oidc;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The claims of providers that AWS knows by name, beside those that all have: trust policies may
 * ask for them.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif">Keys
 *     for OIDC federation</a>
 */
final class KnownClaims {
  private static final Set<String> GITHUB =
      Set.of(
          "actor",
          "actor_id",
          "enterprise_id",
          "environment",
          "job_workflow_ref",
          "ref",
          "repository",
          "repository_id",
          "repository_owner_id",
          "workflow");
  private static final Set<String> GITLAB =
      Set.of(
          "namespace_id",
          "pipeline_source",
          "project_id",
          "ref_protected",
          "runner_environment",
          "user_access_level",
          "user_email",
          "user_id",
          "user_login");
  private static final Set<String> BUILDKITE =
      Set.of(
          "build_branch",
          "cluster_id",
          "cluster_name",
          "organization_id",
          "organization_slug",
          "pipeline_id",
          "pipeline_slug");

  /** Sites, by their URL without the scheme, and the names of their claims. */
  private record Known(Pattern site, Set<String> claims) {}

  private static final List<Known> ALL =
      List.of(
          known("token\\.actions\\.githubusercontent\\.com(/.+)?", GITHUB),
          known("token\\.actions\\.[^/]+\\.ghe\\.com", GITHUB),
          known("github\\.com/enterprises/[^/]+", GITHUB),
          known("gitlab\\.com", GITLAB),
          known("agent\\.buildkite\\.com", BUILDKITE),
          known("agent\\.[^/]+\\.buildkite\\.(dev|site)", BUILDKITE),
          known("oidc\\.circleci\\.com/org/[^/]+", Set.of("oidc.circleci.com/project-id")),
          known("idcs-[^./]+\\.identity\\.oraclecloud\\.com", Set.of("rpst_id")));

  private KnownClaims() {}

  private static Known known(String site, Set<String> claims) {
    return new Known(Pattern.compile(site), claims);
  }

  /** The names of a provider's further claims; none of one that AWS does not know. */
  static Set<String> of(String site) {
    return ALL.stream()
        .filter(known -> known.site().matcher(site).matches())
        .map(Known::claims)
        .findFirst()
        .orElse(Set.of());
  }
}
