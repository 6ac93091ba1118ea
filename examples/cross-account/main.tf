# A job in this account, then a message in another: the second task works with a role of the other account.

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
  name       = "cross-account"
  definition = file("${path.module}/cross-account.asl.json")
}

data "sfniam_policy" "this" {
  definition         = local.definition
  mode               = "least_privilege"
  region             = var.region
  account_id         = var.account_id
  state_machine_name = local.name

  # Which roles the containers get is in the task definition, not in the state machine's.
  resource_hint {
    state     = "Close the month"
    parameter = "the roles of the task definition"
    resources = [
      "arn:aws:iam::${var.account_id}:role/close-month",
      "arn:aws:iam::${var.account_id}:role/ecs-task-execution",
    ]
  }
}

output "policy" {
  description = "What the state machine's role may do."
  value       = data.sfniam_policy.this.json
}

output "policy_of_the_other_role" {
  description = "What the role in the other account may do."
  value       = data.sfniam_policy.this.assumed_role_policies["arn:aws:iam::444455556666:role/order-billing"]
}
