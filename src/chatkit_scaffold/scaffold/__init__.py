"""The wing that makes projects and changes them."""
