data "aws_ecs_cluster" "shop" {
  cluster_name = aws_ecs_cluster.shop.name
}

data "aws_ecs_service" "web" {
  service_name = aws_ecs_service.web.name
  cluster_arn  = aws_ecs_cluster.shop.arn
}

data "aws_ecs_task_definition" "web" {
  task_definition = aws_ecs_task_definition.web.family
  depends_on      = [aws_ecs_task_definition.web]
}

data "aws_ecs_container_definition" "web" {
  task_definition = aws_ecs_task_definition.web.id
  container_name  = "web"
}

data "aws_ecs_clusters" "all" {
  depends_on = [aws_ecs_cluster.shop, aws_ecs_cluster.plain]
}

data "aws_ecr_repository" "web" {
  name = aws_ecr_repository.web.name
}

data "aws_ecr_image" "web" {
  repository_name = aws_ecr_repository.web.name
  image_tag       = "1"
  depends_on      = [terraform_data.image]
}

data "aws_ecr_authorization_token" "mine" {}

data "aws_iam_role" "execution" {
  name = aws_iam_role.execution.name
}

data "aws_iam_policy" "read" {
  arn = aws_iam_policy.read.arn
}

data "aws_iam_user" "pipeline" {
  user_name = aws_iam_user.pipeline.name
}

data "aws_kms_key" "shop" {
  key_id = aws_kms_alias.shop.name
}

data "aws_kms_alias" "shop" {
  name       = "alias/tf-shop"
  depends_on = [aws_kms_alias.shop]
}

data "aws_ssm_parameter" "mode" {
  name = aws_ssm_parameter.mode.name
}

data "aws_ssm_parameters_by_path" "all" {
  path       = "/tf"
  depends_on = [aws_ssm_parameter.mode, aws_ssm_parameter.password, aws_ssm_parameter.hosts]
}

data "aws_secretsmanager_secret" "database" {
  name = aws_secretsmanager_secret.database.name
}

data "aws_secretsmanager_secret_version" "database" {
  secret_id  = aws_secretsmanager_secret.database.id
  depends_on = [aws_secretsmanager_secret_version.database]
}

data "aws_cloudwatch_log_group" "web" {
  name = aws_cloudwatch_log_group.web.name
}

data "aws_cloudwatch_log_groups" "all" {
  log_group_name_prefix = "/tf/"
  depends_on            = [aws_cloudwatch_log_group.web]
}

output "seen" {
  value = {
    account     = data.aws_caller_identity.me.account_id
    alias       = data.aws_iam_account_alias.shop.account_alias == aws_iam_account_alias.shop.account_alias
    machine     = data.aws_iam_instance_profile.machine.role_name == aws_iam_role.task.name
    region      = data.aws_region.here.name
    partition   = data.aws_partition.here.partition
    cluster     = data.aws_ecs_cluster.shop.status
    clusters    = length(data.aws_ecs_clusters.all.cluster_arns)
    desired     = data.aws_ecs_service.web.desired_count
    definition  = data.aws_ecs_task_definition.web.arn == aws_ecs_task_definition.web.arn
    environment = data.aws_ecs_container_definition.web.environment.STAGE
    repository  = data.aws_ecr_repository.web.repository_url == aws_ecr_repository.web.repository_url
    image       = data.aws_ecr_image.web.image_tags
    role        = data.aws_iam_role.execution.arn == aws_iam_role.execution.arn
    policy      = data.aws_iam_policy.read.name
    user        = data.aws_iam_user.pipeline.user_id == aws_iam_user.pipeline.unique_id
    key         = data.aws_kms_key.shop.arn == aws_kms_key.shop.arn && data.aws_kms_alias.shop.target_key_arn == aws_kms_key.shop.arn
    mode        = nonsensitive(data.aws_ssm_parameter.mode.value)
    parameters  = nonsensitive(data.aws_ssm_parameters_by_path.all.names)
    secret      = data.aws_secretsmanager_secret.database.arn == aws_secretsmanager_secret.database.arn
    user_name   = nonsensitive(jsondecode(data.aws_secretsmanager_secret_version.database.secret_string).user)
    retention   = data.aws_cloudwatch_log_group.web.retention_in_days
    groups      = data.aws_cloudwatch_log_groups.all.log_group_names
  }
}
