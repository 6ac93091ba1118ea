terraform {
  required_providers {
    sfniam = {
      source  = "sfniam/sfniam"
      version = "~> 0.1.0"
    }
  }
}

# Optional: without it, or in a data source's own arguments, the same can be said. No credentials, no network.
provider "sfniam" {
  region     = "eu-west-1"
  account_id = "111122223333"
}
