"""Flask's extensions as unbound objects, and nothing else. `app.py` binds them."""

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_socketio import SocketIO
from flask_wtf import CSRFProtect

login_manager = LoginManager()
csrf = CSRFProtect()
migrate = Migrate()
limiter = Limiter(get_remote_address, default_limits=[])


def make_socketio() -> SocketIO:
    """A Socket.IO of its own for each app: handlers belong to the app they were hung on."""
    return SocketIO()
