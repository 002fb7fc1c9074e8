// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms.plan;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.Region;
import dev.holdfast.policy.Context;
import dev.holdfast.policy.Evaluator;
import dev.holdfast.policy.Gate;
import dev.holdfast.policy.NamedPolicy;
import dev.holdfast.policy.Policies;
import dev.holdfast.policy.PolicyDocument;
import dev.holdfast.policy.Request;
import dev.holdfast.service.Principal;
import java.util.List;

/** Key policies: those that AWS writes, and the checks before one is saved. */
public final class KeyPolicies {
  private static final NamedPolicy ALLOW_ALL =
      new NamedPolicy(
          "allow-all",
          PolicyDocument.parse(
              """
              {"Version":"2012-10-17",
               "Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}""",
              PolicyDocument.Kind.IDENTITY));

  private KeyPolicies() {}

  /**
   * The policy of a key that is made without one: the account decides.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html">Default
   *     key policy</a>
   */
  public static String byDefault(AccountId account) {
    return """
    {
      "Version" : "2012-10-17",
      "Id" : "key-default-1",
      "Statement" : [ {
        "Sid" : "Enable IAM User Permissions",
        "Effect" : "Allow",
        "Principal" : {
          "AWS" : "arn:aws:iam::ACCOUNT:root"
        },
        "Action" : "kms:*",
        "Resource" : "*"
      } ]
    }"""
        .replace("ACCOUNT", account.digits());
  }

  /** AWS's policy of {@code alias/aws/ssm}: only through Parameter Store, only for the account. */
  public static String ssm(AccountId account, Region region) {
    return managed(
        account,
        region,
        "auto-ssm-1",
        "Allow access through SSM for all principals in the account that are authorized to use SSM",
        "ssm");
  }

  /** AWS's policy of {@code alias/aws/secretsmanager}: only through Secrets Manager. */
  public static String secretsManager(AccountId account, Region region) {
    return managed(
        account,
        region,
        "auto-secretsmanager-2",
        "Allow access through AWS Secrets Manager for all principals in the account that are"
            + " authorized to use AWS Secrets Manager",
        "secretsmanager");
  }

  private static String managed(
      AccountId account, Region region, String id, String sid, String service) {
    return """
    {
      "Version" : "2012-10-17",
      "Id" : "ID",
      "Statement" : [ {
        "Sid" : "SID",
        "Effect" : "Allow",
        "Principal" : {
          "AWS" : "*"
        },
        "Action" : [ "kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:CreateGrant", "kms:DescribeKey" ],
        "Resource" : "*",
        "Condition" : {
          "StringEquals" : {
            "kms:CallerAccount" : "ACCOUNT",
            "kms:ViaService" : "SERVICE.REGION.amazonaws.com"
          }
        }
      }, {
        "Sid" : "Allow direct access to key metadata to the account",
        "Effect" : "Allow",
        "Principal" : {
          "AWS" : "arn:aws:iam::ACCOUNT:root"
        },
        "Action" : [ "kms:Describe*", "kms:Get*", "kms:List*", "kms:RevokeGrant" ],
        "Resource" : "*"
      } ]
    }"""
        .replace("\"ID\"", "\"" + id + "\"")
        .replace("\"SID\"", "\"" + sid + "\"")
        .replace("ACCOUNT", account.digits())
        .replace("SERVICE", service)
        .replace("REGION", region.name());
  }

  /** The lockout safety check: whether whoever saves the policy may still change it then. */
  public static boolean staysChangeable(Principal principal, Arn key, PolicyDocument policy) {
    String account = principal.account().digits();
    var context =
        Context.builder()
            .put("aws:PrincipalArn", principal.caller().principalArn())
            .put("aws:PrincipalAccount", account)
            .put("aws:userid", principal.userId())
            .put("kms:CallerAccount", account);
    principal.tags().forEach((name, value) -> context.put("aws:PrincipalTag/" + name, value));
    var request =
        new Request(
            principal.caller(), "kms:PutKeyPolicy", key.toString(), key.account(), context.build());
    Policies policies =
        Policies.ofIdentity(List.of(ALLOW_ALL))
            .withResource(new NamedPolicy(key.toString(), policy), Gate.KEY_POLICY);
    return Evaluator.decide(policies, request).allowed();
  }
}
