resource "aws_ecs_cluster" "shop" {
  depends_on = [aws_iam_service_linked_role.ecs]
  name       = "tf-shop"
  setting {
    name  = "containerInsights"
    value = local.second ? "enhanced" : "enabled"
  }
  tags = {
    stage = var.stage
  }
}

resource "aws_ecs_cluster" "plain" {
  depends_on = [aws_iam_service_linked_role.ecs]
  name       = "tf-plain"
  lifecycle {
    ignore_changes = [tags, tags_all]
  }
}

resource "aws_ecs_capacity_provider" "machines" {
  name = "tf-machines"
  auto_scaling_group_provider {
    auto_scaling_group_arn         = "arn:aws:autoscaling:${data.aws_region.here.name}:${data.aws_caller_identity.me.account_id}:autoScalingGroup:2f0d5bb1-5d1c-4f2c-a9a8-3d0f2b7d4c11:autoScalingGroupName/machines"
    managed_termination_protection = "DISABLED"
    managed_draining               = local.second ? "DISABLED" : "ENABLED"
    managed_scaling {
      maximum_scaling_step_size = local.second ? 20 : 10
      minimum_scaling_step_size = 1
      status                    = "ENABLED"
      target_capacity           = 90
    }
  }
  tags = {
    stage = var.stage
  }
}

resource "aws_ecs_cluster_capacity_providers" "shop" {
  cluster_name       = aws_ecs_cluster.shop.name
  capacity_providers = local.second ? ["FARGATE", "FARGATE_SPOT", aws_ecs_capacity_provider.machines.name] : ["FARGATE", aws_ecs_capacity_provider.machines.name]
  default_capacity_provider_strategy {
    base              = local.second ? 2 : 1
    weight            = 100
    capacity_provider = "FARGATE"
  }
}

resource "aws_ecs_account_setting_default" "insights" {
  name  = "containerInsights"
  value = local.second ? "disabled" : "enabled"
}

resource "aws_ecs_account_setting_default" "lifetime" {
  name  = "fargateTaskRetirementWaitPeriod"
  value = local.second ? 14 : 7
}

resource "aws_ecs_tag" "owner" {
  resource_arn = aws_ecs_cluster.plain.arn
  key          = "owner"
  value        = local.second ? "platform" : "shop"
}
