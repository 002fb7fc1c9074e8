# What is to fail, and to say why: an image that nobody pushed, a program that ends at once, a container that asks
# for more than a host may give, and what is not served.
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

provider "aws" {}

variable "registry" {
  type = string
}

variable "execution_role" {
  type = string
}

resource "aws_ecs_cluster" "broken" {
  name = "tf-broken"
}

resource "aws_ecs_task_definition" "lost" {
  family             = "tf-lost"
  execution_role_arn = var.execution_role
  container_definitions = jsonencode([{
    name   = "lost"
    image  = "${var.registry}/tf/nobody-pushed:1"
    memory = 32
  }])
}

resource "aws_ecs_service" "lost" {
  name            = "lost"
  cluster         = aws_ecs_cluster.broken.id
  task_definition = aws_ecs_task_definition.lost.arn
  desired_count   = 1
}

resource "aws_ecs_task_definition" "ending" {
  family             = "tf-ending"
  execution_role_arn = var.execution_role
  container_definitions = jsonencode([{
    name    = "ending"
    image   = "${var.registry}/tf/web:1"
    memory  = 32
    command = ["/no/such/program"]
  }])
}

resource "aws_ecs_service" "ending" {
  name                  = "ending"
  cluster               = aws_ecs_cluster.broken.id
  task_definition       = aws_ecs_task_definition.ending.arn
  desired_count         = 1
  wait_for_steady_state = true
  deployment_circuit_breaker {
    enable   = true
    rollback = false
  }
  timeouts {
    create = "20s"
  }
}

resource "aws_ecs_task_definition" "privileged" {
  family = "tf-privileged"
  container_definitions = jsonencode([{
    name       = "privileged"
    image      = "${var.registry}/tf/web:1"
    memory     = 32
    privileged = true
  }])
}

resource "aws_ecs_service" "blue_green" {
  name            = "blue-green"
  cluster         = aws_ecs_cluster.broken.id
  task_definition = aws_ecs_task_definition.lost.arn
  desired_count   = 1
  deployment_controller {
    type = "CODE_DEPLOY"
  }
}

resource "aws_ecr_repository" "scanned" {
  name = "tf/scanned"
  image_scanning_configuration {
    scan_on_push = true
  }
}
