data "sfniam_policy" "nightly" {
  definition         = file("nightly.asl.json")
  mode               = "least_privilege"
  region             = "eu-west-1"
  account_id         = "111122223333"
  state_machine_name = "nightly"
}

resource "aws_iam_role_policy" "nightly" {
  role   = aws_iam_role.nightly.id
  policy = data.sfniam_policy.nightly.json
}
