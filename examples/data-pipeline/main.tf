# Raw files become tables: Glue cleans them, EMR joins them on a cluster of its own, Athena checks the result, Batch writes
# the report. Each step is waited for.

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
  name       = "data-pipeline"
  definition = file("${path.module}/data-pipeline.asl.json")
}

data "sfniam_policy" "this" {
  definition         = local.definition
  mode               = "least_privilege"
  region             = var.region
  account_id         = var.account_id
  state_machine_name = local.name

  # Which tables a query reads, and where they lie, is not in the definition.
  resource_hint {
    state     = "Check"
    parameter = "QueryString"
    resources = [
      "arn:aws:athena:${var.region}:${var.account_id}:datacatalog/AwsDataCatalog",
      "arn:aws:glue:${var.region}:${var.account_id}:database/clickstream",
      "arn:aws:glue:${var.region}:${var.account_id}:table/clickstream/sessions",
    ]
  }

  resource_hint {
    state     = "Check"
    parameter = "the locations of the tables"
    resources = ["arn:aws:s3:::clickstream-tables", "arn:aws:s3:::clickstream-tables/*"]
  }

  # The role in the instance profile "clickstream-emr-nodes".
  resource_hint {
    state     = "Start the cluster"
    parameter = "JobFlowRole"
    resources = ["arn:aws:iam::${var.account_id}:role/clickstream-emr-nodes"]
  }

  # The ID of the cluster exists only in the run, and nobody can know more about it.
  on_unresolved = "ignore"

  # To end any cluster is dangerous, so that needs a reason.
  resource_hint {
    state           = "Stop the cluster"
    action          = "elasticmapreduce:TerminateJobFlows"
    accept_wildcard = true
    reason          = "The cluster is started by the same execution."
  }
}

output "policy" {
  description = "What the state machine's role may do."
  value       = data.sfniam_policy.this.json
}
