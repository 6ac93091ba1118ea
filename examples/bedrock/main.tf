# A support case is summarized by a model behind an inference profile of several regions, and put into a table.

variable "region" {
  description = "Where the state machine runs."
  type        = string
  default     = "eu-west-1"
}

variable "account_id" {
  description = "The account in which the state machine runs."
  type        = string
  default     = "111122223333"
}

locals {
  name       = "bedrock"
  definition = file("${path.module}/bedrock.asl.json")
}

data "sfniam_policy" "this" {
  definition         = local.definition
  mode               = "least_privilege"
  region             = var.region
  account_id         = var.account_id
  state_machine_name = local.name
}

output "policy" {
  description = "What the state machine's role may do."
  value       = data.sfniam_policy.this.json
}
