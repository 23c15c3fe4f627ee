#!/bin/sh
# Cancel jobs by their numbers, when Snakemake is interrupted. It waits two seconds and no more, so
# this goes on behind its back until the controller has heard.
for number in "$@"; do
  key=$(cat ".snakemake/slurm/numbers/$number") && : > ".snakemake/slurm/jobs/$key/cancelled"
done
(
  for _ in $(seq 60); do
    scancel "$@" && break
    sleep 5
  done
) < /dev/null > /dev/null 2>&1 &
