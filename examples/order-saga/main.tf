# An order: stock is reserved item by item while the payment is authorized and a person may have to look at the order.
# When any of it fails, what was done is undone.

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
  name = "order-saga"

  # One value for the policy and for the state machine. The ARNs are made of names, so they are known when planning.
  definition = templatefile("${path.module}/order-saga.asl.json", {
    payments  = "arn:aws:lambda:${var.region}:${var.account_id}:function:payments"
    reviews   = "https://sqs.${var.region}.amazonaws.com/${var.account_id}/order-reviews"
    shipping  = "arn:aws:states:${var.region}:${var.account_id}:stateMachine:shipping"
    customers = "arn:aws:sns:${var.region}:${var.account_id}:customers"
  })
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
