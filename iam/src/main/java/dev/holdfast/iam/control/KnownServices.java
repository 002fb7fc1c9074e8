// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.control;

import dev.holdfast.aws.ServiceModel;
import dev.holdfast.aws.cloudtrail.CloudTrailModel;
import dev.holdfast.aws.ecr.EcrModel;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.kms.KmsModel;
import dev.holdfast.aws.logs.LogsModel;
import dev.holdfast.aws.secretsmanager.SecretsManagerModel;
import dev.holdfast.aws.ssm.SsmModel;
import dev.holdfast.aws.sts.StsModel;
import java.util.List;

/** The services that are here, with the names that AWS gives them in reports. */
public final class KnownServices {

  /**
   * A service.
   *
   * @param prefix of its actions
   * @param title for people
   */
  public record Known(String prefix, String title, ServiceModel model) {}

  /** By prefix. */
  public static final List<Known> ALL =
      List.of(
          new Known("cloudtrail", "AWS CloudTrail", CloudTrailModel.SERVICE),
          new Known("ecr", "Amazon Elastic Container Registry", EcrModel.SERVICE),
          new Known("ecs", "Amazon Elastic Container Service", EcsModel.SERVICE),
          new Known("iam", "AWS Identity and Access Management", IamModel.SERVICE),
          new Known("kms", "AWS Key Management Service", KmsModel.SERVICE),
          new Known("logs", "Amazon CloudWatch Logs", LogsModel.SERVICE),
          new Known("secretsmanager", "AWS Secrets Manager", SecretsManagerModel.SERVICE),
          new Known("ssm", "AWS Systems Manager", SsmModel.SERVICE),
          new Known("sts", "AWS Security Token Service", StsModel.SERVICE));

  private KnownServices() {}
}
