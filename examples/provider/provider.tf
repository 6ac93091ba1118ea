terraform {
  required_providers {
    sfniam = {
      source  = "sfniam/sfniam"
      version = "~> 0.1.0"
    }
  }
}

# Optional: each argument can also be set on the data source. No credentials, no network.
provider "sfniam" {
  region     = "eu-west-1"
  account_id = "111122223333"
}
