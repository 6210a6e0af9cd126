import hashlib
import json
import re
from pathlib import Path

VENDOR = Path(__file__).resolve().parents[2] / "static" / "vendor"


def manifest() -> dict[str, dict[str, str]]:
    return json.loads((VENDOR / "manifest.json").read_text(encoding="utf-8"))


def test_every_copy_is_as_its_maker_released_it():
    found = {name: hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() for name in manifest()}

    assert found == {name: about["sha256"] for name, about in manifest().items()}


def test_nothing_lies_there_that_the_manifest_does_not_know():
    files = {path.name for path in VENDOR.iterdir()} - {"manifest.json"}

    assert files == set(manifest())


def test_every_copied_package_brings_its_licence():
    packages = {about["package"] for about in manifest().values()}

    with_licence = {about["package"] for name, about in manifest().items() if name.startswith("LICENSE-")}

    assert with_licence == packages


def test_no_copied_script_points_at_a_map_we_do_not_serve():
    pointer = re.compile(r"sourceMappingURL=")

    scripts = list(VENDOR.glob("*.js"))

    assert scripts
    assert [path.name for path in scripts if pointer.search(path.read_text(encoding="utf-8"))] == []
