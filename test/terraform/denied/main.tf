# A configuration whose credentials may look and not make.
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

provider "aws" {}

resource "aws_ecs_cluster" "denied" {
  name = "tf-denied"
}
