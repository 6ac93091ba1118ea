# A function, a topic and a role are made in the same apply: the first plan shows what the state machine's role may do all the same.

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

variable "topic" {
  type    = string
  default = "readers"
}

locals {
  name       = "analysis"
  definition = "${path.module}/analysis.asl.json"
  values = {
    report  = aws_lambda_function.report.arn
    billing = aws_iam_role.billing.arn
    readers = aws_sns_topic.readers.arn
  }
  policy = provider::sfniam::analyze(file(local.definition), {
    definition_substitutions = local.values
    mode                     = "least_privilege"
    region                   = var.region
    account_id               = var.account_id
    state_machine_name       = local.name
  })
}

output "permissions" {
  value = local.policy.permissions
}

output "documents_by_service" {
  value = local.policy.documents_by_service
}
