terraform {
  required_version = ">= 1.5"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.70"
    }
    sfniam = {
      source  = "sfniam/sfniam"
      version = "~> 0.1.0"
    }
  }
}
