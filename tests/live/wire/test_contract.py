"""Contract with pinned libraries: changed internals are caught here before production."""

import engineio
import pytest
import socketio
from engineio.base_server import BaseServer

from dagvandebuurt.live import wire
from dagvandebuurt.live.wire import contract
from dagvandebuurt.live.wire.engine import Engine
from dagvandebuurt.live.wire.rooms import Rooms


def installed(wanted=wire.DIRECT, mode="gevent"):
    server = socketio.Server(async_mode=mode)
    return server, wire.install(server, wanted, "/live", {})


def is_stock(server):
    return type(server.eio) is engineio.Server and type(server.manager) is socketio.Manager


def test_the_pinned_libraries_match_the_contract():
    assert contract.problems() == []
    assert contract.problems_in_source() == []
    server, runs_on = installed()
    assert (type(server.eio), type(server.manager), runs_on) == (Engine, Rooms, wire.DIRECT)


@pytest.mark.parametrize(("owner", "name"), sorted(contract.LEANS_ON, key=str))
def test_changed_parameters_fall_back_to_stock(monkeypatch, owner, name):
    if owner.__module__.startswith("gevent"):
        monkeypatch.setitem(contract.LEANS_ON, (owner, name), ["self", "otherwise"])
    else:
        monkeypatch.setattr(owner, name, lambda self, otherwise: None)

    assert any(name in problem for problem in contract.problems())
    server, runs_on = installed()
    assert runs_on == wire.STOCK
    assert is_stock(server)


def test_a_missing_private_name_falls_back_to_stock(monkeypatch):
    gone = next(name for owner, name in contract.LEANS_ON if name in vars(BaseServer))
    monkeypatch.delattr(BaseServer, gone)

    assert any(f"no {gone} any more" in problem for problem in contract.problems())


@pytest.mark.parametrize("name", contract.VERSIONS)
def test_another_version_falls_back_to_stock(monkeypatch, name, caplog):
    monkeypatch.setitem(contract.VERSIONS, name, "0.0.1")

    server, runs_on = installed()

    assert (runs_on, is_stock(server)) == (wire.STOCK, True)
    assert name in caplog.text


def test_changed_socket_attributes_are_caught(monkeypatch):
    monkeypatch.setattr(contract, "SOCKET_STATE", contract.SOCKET_STATE | {"something_new"})
    assert any("something_new" in problem for problem in contract.problems_in_source())


@pytest.mark.parametrize(("wanted", "mode"), [(wire.STOCK, "gevent"), (wire.DIRECT, "threading")])
def test_the_switch_back_leaves_the_library_as_it_was(wanted, mode):
    server, runs_on = installed(wanted, mode)

    assert runs_on == wire.STOCK
    assert is_stock(server)
