# The ARNs of resources that are made in the same apply: the policy is read when they are known.

terraform {
  required_providers {
    sfniam = {
      source = "sfniam/sfniam"
    }
    aws = {
      source = "hashicorp/aws"
    }
  }
}

variable "region" {
  type    = string
  default = "eu-west-1"
}

variable "account_id" {
  type    = string
  default = "111122223333"
}

locals {
  name       = "attributes"
  definition = file("${path.module}/attributes.asl.json")
  values = {
    report  = aws_lambda_function.report.arn
    readers = aws_sns_topic.readers.arn
  }
}

data "sfniam_policy" "this" {
  definition               = local.definition
  definition_substitutions = local.values
  mode                     = "least_privilege"
  region                   = var.region
  account_id               = var.account_id
  state_machine_name       = local.name
}

output "policy" {
  value = data.sfniam_policy.this.json
}
