"""Memory that is freed is used again, and does not come fresh from the operating system."""

import os
import platform
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="of glibc's malloc")

FAULTS = """
import resource
import rushlight as torch

x = torch.ones(50_000)

def step():
    return [x * 2.0 for _ in range(10)]

def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt

for _ in range(3):
    step()
before = faults()
for _ in range(20):
    step()
print((faults() - before) // 20)
"""


def faults_of_a_step(**variables):
    environment = {k: v for k, v in os.environ.items() if "MALLOC" not in k and k != "GLIBC_TUNABLES"} | variables
    out = subprocess.run([sys.executable, "-c", FAULTS], capture_output=True, text=True, check=True, env=environment)
    return int(out.stdout)


def test_pages_are_kept():
    assert faults_of_a_step() < 10


@pytest.mark.parametrize(
    "variables", [{"MALLOC_TRIM_THRESHOLD_": "131072"}, {"GLIBC_TUNABLES": "glibc.malloc.trim_threshold=131072"}]
)
def test_who_has_tuned_malloc_is_left_alone(variables):
    # Ten arrays of 200 kB are some 490 pages.
    assert faults_of_a_step(**variables) > 100
