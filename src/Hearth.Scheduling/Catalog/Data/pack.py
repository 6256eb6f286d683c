#!/usr/bin/env python3
"""Joins the three EC2 tables (types, zones, prices) into ec2-catalog.csv: one row a type, no column that follows from another.

usage: pack.py ec2-instance-types.csv ec2-zones.csv ec2-on-demand-prices.csv > ec2-catalog.csv
"""
import csv
import sys

FACTS = [
    "name", "vcpu", "memory_mib", "arch", "category", "generation", "hypervisor", "max_enis", "ipv4_per_eni", "network_gbps",
    "network_baseline_mbps", "local_nvme_gb", "local_nvme_disks", "instance_store_gb", "gpu_count", "gpu_name", "gpu_manufacturer",
    "gpu_memory_mib", "accelerator_count", "accelerator_name", "accelerator_manufacturer", "neuron_cores", "efa_max", "pod_eni",
    "ebs_bandwidth_mbps", "ebs_optimized", "cpu_manufacturer", "clock_mhz",
]
FLAGS = [("b", "bare_metal"), ("e", "encryption_in_transit"), ("n", "nested_virtualization"), ("c", "current_generation")]
USAGE = {"on-demand": "o", "spot": "s", "capacity-block": "c"}
ZONE_REGIONS = ["us-east-1", "us-west-2"]
PRICE_REGIONS = ["us-east-1", "us-gov-east-1", "us-gov-west-1"]


def rows(path):
    with open(path, newline="", encoding="utf-8") as f:
        return list(csv.DictReader(f))


def main(types, zones, prices):
    letters, usd = {}, {}
    for row in rows(zones):
        region, letter = row["zone"][:-1], row["zone"][-1]
        letters.setdefault((row["instance_type"], region), []).append(letter)
    for row in rows(prices):
        usd[row["instance_type"], row["region"]] = row["usd_per_hour"].rstrip("0").rstrip(".")
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(FACTS + ["flags", "usage"] + [f"zones {r}" for r in ZONE_REGIONS] + [f"usd/h {r}" for r in PRICE_REGIONS])
    for row in sorted(rows(types), key=lambda r: r["name"]):
        name = row["name"]
        usage = row["usage_classes"] or "on-demand|spot"
        out.writerow(
            ["" if row[c] == "0" else row[c] for c in FACTS]
            + ["".join(flag for flag, column in FLAGS if row[column] == "true")]
            + ["".join(USAGE[u] for u in usage.split("|"))]
            + ["".join(sorted(letters.get((name, r), []))) for r in ZONE_REGIONS]
            + [usd.get((name, r), "") for r in PRICE_REGIONS])


main(*sys.argv[1:])
