# What is taken out of the state and imported again, by what each is called on the platform.
import {
  to = aws_ecs_cluster.shop
  id = "tf-shop"
}

import {
  to = aws_ecs_cluster_capacity_providers.shop
  id = "tf-shop"
}

import {
  to = aws_ecs_capacity_provider.machines
  id = "tf-machines"
}

import {
  to = aws_ecs_task_definition.box
  id = "arn:aws:ecs:${data.aws_region.here.name}:${data.aws_caller_identity.me.account_id}:task-definition/tf-box:1"
}

import {
  to = aws_ecs_service.everywhere
  id = "tf-shop/everywhere"
}

import {
  to = aws_ecs_account_setting_default.insights
  id = "containerInsights"
}

import {
  to = aws_ecs_tag.owner
  id = "arn:aws:ecs:${data.aws_region.here.name}:${data.aws_caller_identity.me.account_id}:cluster/tf-plain,owner"
}

import {
  to = aws_cloudwatch_log_group.web
  id = "/tf/web"
}

import {
  to = aws_secretsmanager_secret_policy.database
  id = aws_secretsmanager_secret.database.arn
}

import {
  to = aws_iam_role.execution
  id = "tf-execution"
}

import {
  to = aws_iam_role_policy.execution
  id = "tf-execution:start"
}

import {
  to = aws_iam_policy.read
  id = "arn:aws:iam::${data.aws_caller_identity.me.account_id}:policy/tf-read"
}

import {
  to = aws_iam_group.others
  id = "tf-others"
}

import {
  to = aws_ecr_lifecycle_policy.web
  id = "tf/web"
}

import {
  to = aws_ecr_repository_policy.web
  id = "tf/web"
}

import {
  to = aws_kms_alias.shop
  id = "alias/tf-shop"
}

import {
  to = aws_ssm_parameter.mode
  id = "/tf/mode"
}

import {
  to = aws_iam_role.bounded
  id = "tf-bounded"
}

import {
  to = aws_iam_user.bounded
  id = "tf-bounded"
}

import {
  to = aws_iam_instance_profile.machine
  id = "tf-machine"
}

import {
  to = aws_iam_account_alias.shop
  id = "tf-shop-${data.aws_caller_identity.me.account_id}"
}

import {
  to = aws_iam_account_password_policy.strict
  id = "iam-account-password-policy"
}

import {
  to = aws_iam_openid_connect_provider.pipelines
  id = "arn:aws:iam::${data.aws_caller_identity.me.account_id}:oidc-provider/pipelines.example.com/tf"
}

import {
  to = aws_iam_service_linked_role.ecs
  id = "arn:aws:iam::${data.aws_caller_identity.me.account_id}:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS"
}

import {
  to = aws_ecr_registry_policy.readers
  id = data.aws_caller_identity.me.account_id
}
