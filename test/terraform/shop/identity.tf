data "aws_iam_policy_document" "tasks" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "start" {
  statement {
    actions   = ["ecr:GetAuthorizationToken"]
    resources = ["*"]
  }
  statement {
    actions   = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:BatchCheckLayerAvailability"]
    resources = [aws_ecr_repository.web.arn]
  }
  statement {
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.web.arn}:*"]
  }
  statement {
    actions   = ["secretsmanager:GetSecretValue"]
    resources = [aws_secretsmanager_secret.database.arn]
  }
  statement {
    actions   = ["ssm:GetParameters"]
    resources = [aws_ssm_parameter.password.arn, aws_ssm_parameter.mode.arn]
  }
  statement {
    actions   = local.second ? ["kms:Decrypt", "kms:DescribeKey"] : ["kms:Decrypt"]
    resources = [aws_kms_key.shop.arn]
  }
}

resource "aws_iam_role" "execution" {
  name                 = "tf-execution"
  path                 = "/shop/"
  description          = local.second ? "starts the shop's tasks" : "starts tasks"
  max_session_duration = local.second ? 7200 : 3600
  assume_role_policy   = data.aws_iam_policy_document.tasks.json
  tags = {
    stage = var.stage
  }
}

resource "aws_iam_role_policy" "execution" {
  name   = "start"
  role   = aws_iam_role.execution.id
  policy = data.aws_iam_policy_document.start.json
}

resource "aws_iam_role" "task" {
  name_prefix = "tf-task-"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
      Condition = local.second ? { StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.me.account_id } } : {}
    }]
  })
}

resource "aws_iam_policy" "read" {
  name        = "tf-read"
  description = "reads the shop's parameters"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = local.second ? ["ssm:GetParameter", "ssm:GetParameters"] : ["ssm:GetParameter"]
      Resource = "arn:${data.aws_partition.here.partition}:ssm:*:*:parameter/tf/*"
    }]
  })
  tags = {
    stage = var.stage
  }
}

resource "aws_iam_role_policy_attachment" "read" {
  role       = aws_iam_role.task.name
  policy_arn = aws_iam_policy.read.arn
}

resource "aws_iam_user" "pipeline" {
  name          = "tf-pipeline"
  path          = local.second ? "/robots/" : "/"
  force_destroy = true
  tags = {
    stage = var.stage
  }
}

resource "aws_iam_access_key" "pipeline" {
  user   = aws_iam_user.pipeline.name
  status = local.second ? "Inactive" : "Active"
}

resource "aws_iam_user_policy" "pipeline" {
  name   = "push"
  user   = aws_iam_user.pipeline.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "ecr:*", Resource = aws_ecr_repository.web.arn }] })
}

resource "aws_iam_user_policy_attachment" "pipeline" {
  user       = aws_iam_user.pipeline.name
  policy_arn = aws_iam_policy.read.arn
}

resource "aws_iam_group" "people" {
  name = local.second ? "tf-persons" : "tf-people"
}

resource "aws_iam_group_policy" "people" {
  name   = "look"
  group  = aws_iam_group.people.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "ecs:Describe*", Resource = "*" }] })
}

resource "aws_iam_group_policy_attachment" "people" {
  group      = aws_iam_group.people.name
  policy_arn = aws_iam_policy.read.arn
}

resource "aws_iam_user_group_membership" "pipeline" {
  user   = aws_iam_user.pipeline.name
  groups = [aws_iam_group.people.name]
}

resource "aws_iam_group_membership" "people" {
  name  = "people"
  group = aws_iam_group.others.name
  users = [aws_iam_user.pipeline.name]
}

resource "aws_iam_group" "others" {
  name = "tf-others"
  path = "/others/"
}

