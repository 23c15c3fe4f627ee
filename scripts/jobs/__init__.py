"""What programs make of the files that they are told: models, activations, tables of replicates.

It shapes results, so that a change of it redoes jobs, which one of `study` does not. `arguments`
are those of a program: replicates, and by role the files of the replicates, in their order, or one
file that serves all.
"""
