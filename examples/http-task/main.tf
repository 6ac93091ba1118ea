# An invoice is sent to an HTTPS API, with the credentials of an EventBridge connection, and looked up again.

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
  name       = "http-task"
  definition = file("${path.module}/http-task.asl.json")
}

data "sfniam_policy" "this" {
  definition         = local.definition
  mode               = "least_privilege"
  region             = var.region
  account_id         = var.account_id
  state_machine_name = local.name

  # The number of the invoice comes from the run; the rest of the URL is certain, and that is narrow enough.
  on_unresolved = "ignore"
}

output "policy" {
  description = "What the state machine's role may do."
  value       = data.sfniam_policy.this.json
}
