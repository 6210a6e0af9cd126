# Lets .venv find the checkout, and makes the `dagvandebuurt` command: nothing is built or copied.
set -eu
here=$(pwd)
site=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
echo "$here" > "$site/dagvandebuurt.pth"
cat > .venv/bin/dagvandebuurt <<END
#!$here/.venv/bin/python
from dagvandebuurt.cli import main

main()
END
chmod +x .venv/bin/dagvandebuurt
