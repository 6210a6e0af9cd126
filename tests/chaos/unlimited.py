"""Server without rate limits and CSRF tokens, so that a storm measures what lies behind them.

DVB_SABOTAGE=heavy_in_loop: CPU-bound work runs in the event loop, as the sabotaged twin of the password
storm.
"""

from gevent import monkey

monkey.patch_all()

import os  # noqa: E402

from dagvandebuurt import serve  # noqa: E402
from dagvandebuurt.core import worker_pool  # noqa: E402

load = serve.load_installed
serve.load_installed = lambda environ: load(environ) | {"RATELIMIT_ENABLED": False, "WTF_CSRF_ENABLED": False}
if os.environ.get("DVB_SABOTAGE") == "heavy_in_loop":
    worker_pool.Lane.do = lambda _lane, work, *args: work(*args)

if __name__ == "__main__":
    serve.main()
