# The provider as anyone writes it: where the platform is comes from AWS_ENDPOINT_URL, who calls from
# AWS_ACCESS_KEY_ID and its like, as `./holdfast env` prints them. Nothing is skipped.
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

provider "aws" {
  default_tags {
    tags = {
      project = "shop"
    }
  }
}

# 2 is what 1 becomes in place.
variable "stage" {
  type    = number
  default = 1
}

variable "registry" {
  type = string
}

variable "password" {
  type      = string
  sensitive = true
}

locals {
  second = var.stage > 1
  image  = "${aws_ecr_repository.web.repository_url}:1"
}

data "aws_caller_identity" "me" {}
data "aws_region" "here" {}
data "aws_partition" "here" {}
