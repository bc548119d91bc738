"""What strangers try on a generated app that runs. docs/security.md has the results."""
