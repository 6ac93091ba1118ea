# Findings that stop the plan

data "sfniam_policy" "strict" {
  definition         = file("nightly.asl.json")
  mode               = "least_privilege"
  region             = "eu-west-1"
  account_id         = "111122223333"
  state_machine_name = "nightly"

  # Errors of the data source itself.
  on_finding = {
    unresolved-resource = "error"
    dangerous-wildcard  = "error"
  }

  # Any rule of your own: here, no finding about Amazon SNS.
  lifecycle {
    postcondition {
      condition     = alltrue([for finding in self.findings : !contains(finding.actions, "sns:Publish")])
      error_message = "A finding is about sns:Publish."
    }
  }
}
