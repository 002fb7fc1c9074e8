resource "aws_ecs_task_definition" "web" {
  family                   = "tf-web"
  requires_compatibilities = ["FARGATE", "EC2"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution.arn
  task_role_arn            = aws_iam_role.task.arn
  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = "X86_64"
  }
  ephemeral_storage {
    size_in_gib = 25
  }
  volume {
    name = "scratch"
  }
  container_definitions = jsonencode([
    {
      name         = "web"
      image        = local.image
      essential    = true
      memory       = 64
      stopTimeout  = 2
      portMappings = [{ containerPort = 80 }]
      environment  = [{ name = "STAGE", value = tostring(var.stage) }, { name = "MODE", value = "web" }]
      secrets = [
        { name = "DB_PASSWORD", valueFrom = aws_ssm_parameter.password.arn },
        { name = "DB_USER", valueFrom = "${aws_secretsmanager_secret.database.arn}:user::" }
      ]
      mountPoints = [{ sourceVolume = "scratch", containerPath = "/scratch" }]
      healthCheck = { command = ["CMD-SHELL", "nc -w 1 127.0.0.1 80 </dev/null"], interval = 5, timeout = 2, retries = 5 }
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          awslogs-group         = aws_cloudwatch_log_group.web.name
          awslogs-region        = data.aws_region.here.name
          awslogs-stream-prefix = "web"
        }
      }
    },
    {
      name        = "sidecar"
      image       = local.image
      essential   = false
      memory      = 32
      command     = ["/bin/sleep", "3600"]
      stopTimeout = 2
      dependsOn   = [{ containerName = "web", condition = "START" }]
    }
  ])
  tags = {
    stage = var.stage
  }
  depends_on = [aws_secretsmanager_secret_version.database]
}

resource "aws_ecs_task_definition" "box" {
  family             = "tf-box"
  execution_role_arn = aws_iam_role.execution.arn
  track_latest       = true
  container_definitions = jsonencode([{
    name        = "box"
    image       = local.image
    cpu         = 32
    memory      = 32
    command     = ["/bin/sleep", "3600"]
    stopTimeout = 2
  }])
}

resource "aws_ecs_service" "web" {
  name                               = "web"
  cluster                            = aws_ecs_cluster.shop.id
  task_definition                    = aws_ecs_task_definition.web.arn
  desired_count                      = local.second ? 2 : 1
  launch_type                        = "FARGATE"
  platform_version                   = "LATEST"
  deployment_minimum_healthy_percent = local.second ? 50 : 100
  deployment_maximum_percent         = 200
  health_check_grace_period_seconds  = local.second ? 10 : 5
  enable_ecs_managed_tags            = true
  enable_execute_command             = local.second
  propagate_tags                     = "SERVICE"
  wait_for_steady_state              = true
  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }
  network_configuration {
    subnets          = local.second ? ["subnet-0a1b2c3d4e5f60718", "subnet-0a1b2c3d4e5f60719"] : ["subnet-0a1b2c3d4e5f60718"]
    security_groups  = ["sg-0a1b2c3d4e5f60718"]
    assign_public_ip = false
  }
  tags = {
    stage = var.stage
  }
  depends_on = [terraform_data.image, aws_iam_role_policy.execution, aws_ecs_cluster_capacity_providers.shop]
}

resource "aws_ecs_service" "boxes" {
  name                 = "boxes"
  cluster              = aws_ecs_cluster.shop.arn
  task_definition      = aws_ecs_task_definition.box.arn
  desired_count        = local.second ? 2 : 1
  launch_type          = "EC2"
  force_new_deployment = local.second
  # Both go again in the second stage: an update that gives an empty list removes what was there.
  dynamic "ordered_placement_strategy" {
    for_each = local.second ? [] : ["memory"]
    content {
      type  = "binpack"
      field = ordered_placement_strategy.value
    }
  }
  dynamic "placement_constraints" {
    for_each = local.second ? [] : ["attribute:ecs.os-type == linux"]
    content {
      type       = "memberOf"
      expression = placement_constraints.value
    }
  }
  depends_on = [terraform_data.image]
}

resource "aws_ecs_service" "everywhere" {
  name                = "everywhere"
  cluster             = aws_ecs_cluster.shop.id
  task_definition     = aws_ecs_task_definition.box.arn
  scheduling_strategy = "DAEMON"
  launch_type         = "EC2"
  depends_on          = [terraform_data.image]
}

resource "aws_ecs_service" "spread" {
  name            = "spread"
  cluster         = aws_ecs_cluster.shop.id
  task_definition = "${aws_ecs_task_definition.web.family}:${aws_ecs_task_definition.web.revision}"
  desired_count   = 0
  capacity_provider_strategy {
    capacity_provider = "FARGATE"
    weight            = local.second ? 2 : 1
  }
  network_configuration {
    subnets = ["subnet-0a1b2c3d4e5f60718"]
  }
  lifecycle {
    ignore_changes = [desired_count]
  }
  depends_on = [aws_ecs_cluster_capacity_providers.shop]
}

# The image is pushed when its repository is there, as a pipeline would.
resource "terraform_data" "image" {
  input = aws_ecr_repository.web.repository_url
  provisioner "local-exec" {
    command = "docker tag $TF_VAR_image ${self.input}:1 && docker push --quiet ${self.input}:1"
  }
}
