"""One module is one rule. Adding one adds a file here and changes nothing else."""
