"""Where the repository's own project is: its root, what the tests read, and the two samples."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
FILES = ROOT / "tests/files"
SANGZHOU = ROOT / "params/2019/宁海县/桑洲镇.yaml"
SUQIAN = ROOT / "params/2023/江苏省/宿迁市.yaml"
