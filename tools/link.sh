# Lets .venv find the checkout, and makes the `dagvandebuurt` command: nothing is built or copied.
set -eu
here=$(pwd)
site=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
echo "$here" > "$site/dagvandebuurt.pth"
# A first line with the path of Python would end at the first space of it: a shell starts this, and Python reads on.
cat > .venv/bin/dagvandebuurt <<END
#!/bin/sh
'''exec' "$here/.venv/bin/python" "\$0" "\$@"
' '''
from dagvandebuurt.cli import main

main()
END
chmod +x .venv/bin/dagvandebuurt
