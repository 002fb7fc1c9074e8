# What an account settles for its people: how far a role may ever go, who a machine is, what a password must be.
data "aws_iam_policy_document" "bounds" {
  statement {
    actions   = local.second ? ["ssm:*", "ecs:Describe*"] : ["ssm:*"]
    resources = ["*"]
  }
}

resource "aws_iam_policy" "bounds" {
  name   = "tf-bounds"
  policy = data.aws_iam_policy_document.bounds.json
}

resource "aws_iam_policy" "tighter" {
  name   = "tf-tighter"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "ssm:GetParameter", Resource = "*" }] })
}

resource "aws_iam_role" "bounded" {
  name                 = "tf-bounded"
  assume_role_policy   = data.aws_iam_policy_document.tasks.json
  permissions_boundary = local.second ? aws_iam_policy.tighter.arn : aws_iam_policy.bounds.arn
}

resource "aws_iam_user" "bounded" {
  name                 = "tf-bounded"
  permissions_boundary = local.second ? null : aws_iam_policy.bounds.arn
}

resource "aws_iam_instance_profile" "machine" {
  name = "tf-machine"
  path = "/machines/"
  role = local.second ? aws_iam_role.bounded.name : aws_iam_role.task.name
  tags = {
    stage = var.stage
  }
}

resource "aws_iam_account_alias" "shop" {
  account_alias = "tf-shop-${data.aws_caller_identity.me.account_id}"
}

resource "aws_iam_openid_connect_provider" "pipeline" {
  url            = "https://pipeline.tf-shop.test/realms/main"
  client_id_list = local.second ? ["deploy", "release"] : ["deploy"]
  thumbprint_list = [
    local.second ? "fedcba9876543210fedcba9876543210fedcba98" : "0123456789abcdef0123456789abcdef01234567"
  ]
}

resource "aws_iam_account_password_policy" "strict" {
  minimum_password_length        = local.second ? 20 : 14
  require_lowercase_characters   = true
  require_uppercase_characters   = true
  require_numbers                = true
  require_symbols                = local.second
  allow_users_to_change_password = true
  max_password_age               = local.second ? 90 : 0
  password_reuse_prevention      = local.second ? 24 : 5
}

data "aws_iam_account_alias" "shop" {
  depends_on = [aws_iam_account_alias.shop]
}

data "aws_iam_instance_profile" "machine" {
  name = aws_iam_instance_profile.machine.name
}

# Who vouches for pipelines, and what they may be.
resource "aws_iam_openid_connect_provider" "pipelines" {
  url             = "https://pipelines.example.com/tf"
  client_id_list  = local.second ? ["sts.amazonaws.com", "web"] : ["sts.amazonaws.com"]
  thumbprint_list = [local.second ? "1111111111111111111111111111111111111111" : "0123456789abcdef0123456789abcdef01234567"]
  tags = {
    stage = var.stage
  }
}

data "aws_iam_policy_document" "pipelines" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = [aws_iam_openid_connect_provider.pipelines.arn]
    }
    condition {
      test     = "StringEquals"
      variable = "pipelines.example.com/tf:sub"
      values   = local.second ? ["repo:shop", "repo:web"] : ["repo:shop"]
    }
  }
}

resource "aws_iam_role" "pipelines" {
  name               = "tf-pipelines"
  assume_role_policy = data.aws_iam_policy_document.pipelines.json
}

resource "aws_iam_service_linked_role" "ecs" {
  aws_service_name = "ecs.amazonaws.com"
  description      = local.second ? "of this shop" : "of ECS"
}

# A person: a password that the policy allows, and a second factor.
resource "aws_iam_user_login_profile" "bounded" {
  user            = aws_iam_user.bounded.name
  password_length = 24
  depends_on      = [aws_iam_account_password_policy.strict]
}

resource "aws_iam_virtual_mfa_device" "phone" {
  virtual_mfa_device_name = "tf-phone"
  path                    = "/phones/"
  tags = {
    stage = var.stage
  }
}

resource "aws_kms_grant" "task" {
  name              = "tf-task"
  key_id            = aws_kms_key.shop.key_id
  grantee_principal = aws_iam_role.task.arn
  operations        = ["Decrypt", "DescribeKey"]
  constraints {
    encryption_context_subset = { shop = "tf" }
  }
}

resource "aws_ecr_registry_policy" "readers" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "readers"
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.me.account_id}:root" }
      Action    = local.second ? ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"] : ["ecr:BatchGetImage"]
      Resource  = "arn:aws:ecr:${data.aws_region.here.name}:${data.aws_caller_identity.me.account_id}:repository/tf/*"
    }]
  })
}
