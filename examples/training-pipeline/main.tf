# A model is trained, tried on a batch, and only put behind its endpoint if it is good enough.

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
  name       = "training-pipeline"
  definition = file("${path.module}/training-pipeline.asl.json")
}

data "sfniam_policy" "this" {
  definition         = local.definition
  mode               = "least_privilege"
  region             = var.region
  account_id         = var.account_id
  state_machine_name = local.name

  # The job names contain the name of the execution, which is known only at run time: "churn-*" is as narrow as possible.
  on_unresolved = "ignore"
}

output "policy" {
  description = "What the state machine's role may do."
  value       = data.sfniam_policy.this.json
}
