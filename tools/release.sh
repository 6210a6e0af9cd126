# Makes the one file that an operator gets, from the last commit: the wheel, the lock it is installed with, the
# files of deploy/ and the docs. Into dist/, or the folder that is given.
set -eu
out=${1:-dist}
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' pyproject.toml | head -n 1)
name=dagvandebuurt-$version
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM # dash runs the line above only for an exit
mkdir -p "$out" "$scratch/source"
git archive HEAD | tar -x -C "$scratch/source"
.venv/bin/uv build --quiet --wheel --out-dir "$scratch/$name" "$scratch/source"
rm -f "$scratch/$name/.gitignore"
for each in deploy docs requirements/run.txt requirements/demo.txt CHANGELOG.md LICENSE README.md SECURITY.md; do
  mkdir -p "$scratch/$name/$(dirname "$each")"
  cp -R "$scratch/source/$each" "$scratch/$name/$each"
done
tar -C "$scratch" --owner=0 --group=0 -czf "$out/$name.tar.gz" "$name"
echo "$out/$name.tar.gz"
