"""Functions and small classes on arrays and tensors, one module or sub-package per stage."""
