output "policy" {
  value = provider::sfniam::policy(file("nightly.asl.json"), {
    mode       = "least_privilege"
    region     = "eu-west-1"
    account_id = "111122223333"
  })
}
