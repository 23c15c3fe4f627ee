"""What has to be made: by files, the records of jobs, the code that they run, and their config.

Snakemake asks `snakemake_memory` about every job. It has `decisions` answer, which compares what
the job would be given with the record of the job that made what is there:

- `told`: which program a command runs, and what it is told;
- `fingerprint`, kept over runs by `known_code`: the code that the program reaches;
- `packages`: the versions of what that code imports;
- `known_files`: the SHA-256 of files, read anew where they were touched;
- `witnesses`: records, and what other records tell of a result whose own is lost.

`reasons` says in words what differs, `sections` where in the config that stands, and `jobs` has
Snakemake's own dry run tell which jobs there are.
"""
