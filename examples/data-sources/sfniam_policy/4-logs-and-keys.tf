# Logs, traces and customer managed keys

data "sfniam_policy" "encrypted" {
  definition         = file("nightly.asl.json")
  mode               = "least_privilege"
  region             = "eu-west-1"
  account_id         = "111122223333"
  state_machine_name = "nightly"

  logging_configuration = { level = "ERROR" }
  tracing_configuration = { enabled = true }
  encryption_configuration = {
    type       = "CUSTOMER_MANAGED_KMS_KEY"
    kms_key_id = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
  }

  # The keys of the queues, topics and buckets that the tasks use.
  kms_key_arns = ["arn:aws:kms:eu-west-1:111122223333:key/0987dcba-09fe-87dc-65ba-ab0987654321"]
}
