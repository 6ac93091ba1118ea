# Photos of a bucket are labelled, thousands at a time, each batch by an execution of its own; the results go to another bucket.

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
  name       = "distributed-map"
  definition = file("${path.module}/distributed-map.asl.json")
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
