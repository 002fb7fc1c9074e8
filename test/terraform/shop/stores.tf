resource "aws_kms_key" "shop" {
  description             = local.second ? "the shop's values" : "values"
  deletion_window_in_days = 7
  enable_key_rotation     = local.second
  tags = {
    stage = var.stage
  }
}

resource "aws_kms_alias" "shop" {
  name          = "alias/tf-shop"
  target_key_id = aws_kms_key.shop.key_id
}

resource "aws_ssm_parameter" "mode" {
  name        = "/tf/mode"
  type        = "String"
  value       = local.second ? "quick" : "careful"
  description = local.second ? "how it works" : "how"
  tags = {
    stage = var.stage
  }
}

resource "aws_ssm_parameter" "password" {
  name   = "/tf/password"
  type   = "SecureString"
  key_id = aws_kms_key.shop.arn
  value  = "${var.password}-${var.stage}"
}

resource "aws_ssm_parameter" "hosts" {
  name            = "/tf/hosts"
  type            = "StringList"
  value           = local.second ? "one,two,three" : "one,two"
  allowed_pattern = "^[a-z,]+$"
}

resource "aws_secretsmanager_secret" "database" {
  name                    = "tf/database"
  description             = local.second ? "the shop's database" : "a database"
  kms_key_id              = aws_kms_key.shop.arn
  recovery_window_in_days = 0
  tags = {
    stage = var.stage
  }
}

resource "aws_secretsmanager_secret_version" "database" {
  secret_id     = aws_secretsmanager_secret.database.id
  secret_string = jsonencode({ user = "shop", password = "${var.password}-${var.stage}" })
}

resource "aws_secretsmanager_secret" "later" {
  name_prefix             = "tf-later-"
  recovery_window_in_days = 7
}

resource "aws_secretsmanager_secret_policy" "database" {
  secret_arn = aws_secretsmanager_secret.database.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = local.second ? ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"] : ["secretsmanager:GetSecretValue"]
      Principal = { AWS = aws_iam_role.task.arn }
      Resource  = "*"
    }]
  })
}

data "aws_secretsmanager_random_password" "fresh" {
  password_length = 24
}

resource "aws_cloudwatch_log_group" "web" {
  name              = "/tf/web"
  retention_in_days = local.second ? 30 : 7
  tags = {
    stage = var.stage
  }
}

resource "aws_cloudwatch_log_stream" "notes" {
  name           = "notes"
  log_group_name = aws_cloudwatch_log_group.web.name
}

resource "aws_ecr_repository" "web" {
  name                 = "tf/web"
  force_delete         = true
  image_tag_mutability = local.second ? "MUTABLE" : "IMMUTABLE"
  image_scanning_configuration {
    scan_on_push = false
  }
  tags = {
    stage = var.stage
  }
}

resource "aws_ecr_lifecycle_policy" "web" {
  repository = aws_ecr_repository.web.name
  policy = jsonencode({
    rules = [{
      rulePriority = 1
      description  = "few without a name"
      selection    = { tagStatus = "untagged", countType = "imageCountMoreThan", countNumber = local.second ? 20 : 10 }
      action       = { type = "expire" }
    }]
  })
}

resource "aws_ecr_repository_policy" "web" {
  repository = aws_ecr_repository.web.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "pull"
      Effect    = "Allow"
      Action    = local.second ? ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"] : ["ecr:BatchGetImage"]
      Principal = { AWS = aws_iam_role.task.arn }
    }]
  })
}
