"""Reference client in Python, on the python-socketio library, from docs/live-protocol.md alone."""

import json
import re
import sys

import requests
import socketio

url, slug, cookie = sys.argv[1:4]
opened = requests.get(f"{url}/sessies/{slug}/live", headers={"Cookie": cookie}, timeout=10)
page = opened.text
headers = {"Cookie": opened.headers.get("Set-Cookie", cookie).split(";")[0], "Accept": "application/json"}


def found(pattern):
    return re.search(pattern, page).group(1)


session = found(r'data-session="([^"]+)"')
csrf = found(r'data-csrf="([^"]*)"')
token = found(r'<meta name="live-token" content="([^"]+)"')
items, own, known = {}, {}, {"epoch": "", "revision": 0, "syncs": 0}
client = socketio.Client(reconnection=False)


def apply(changed):
    for item in changed:
        key = (item["kind"], item["id"])
        if item["revision"] < items.get(key, {}).get("revision", 0):
            continue
        if item.get("gone"):
            items.pop(key, None)
        else:
            items[key] = item


def mine(questions):
    own.update({question["id"]: question for question in questions or ()})


def call(event, message):
    return client.call(event, message, namespace="/live", timeout=5)


def enter(_order=None):
    answer = call("session:enter", {"session": session})
    items.clear()
    apply(answer["items"])
    mine(answer["mine"].get("questions"))
    known.update(epoch=answer["epoch"], revision=answer["revision"])
    return answer


def sync(_order=None):
    known["syncs"] += 1
    answer = call("session:sync", {"session": session, "since": known["revision"]})
    if answer["epoch"] != known["epoch"]:
        return enter()
    apply(answer["items"])
    mine(answer["mine"].get("questions"))
    known["revision"] = max(known["revision"], answer["to"])
    return {}


@client.on("session:changes", namespace="/live")
def changes(message):
    if message["session"] != session:
        return
    if message["epoch"] != known["epoch"] or message["from"] > known["revision"]:
        client.start_background_task(sync)
        return
    apply(message["items"])
    known["revision"] = max(known["revision"], message["to"])


@client.on("session:mine", namespace="/live")
def mine_changed(message):
    mine(message["items"])


@client.on("session:tick", namespace="/live")
def tick(message):
    if message["to"] > known["revision"]:
        client.start_background_task(sync)


def connect(_order=None):
    client.connect(
        url,
        headers=headers,  # the WebSocket library adds the origin itself
        auth={"token": token},
        transports=["websocket"],
        namespaces=["/live"],
        wait_timeout=5,
    )
    return {"session": session}


def http(order):
    return requests.post(
        f"{url}/sessies/{slug}/live/op",
        json={"event": order["event"], "message": order["message"]},
        headers={**headers, "X-CSRFToken": csrf, "Referer": url},
        timeout=10,
    ).json()


def state(_order):
    query = {"since": known["revision"], "epoch": known["epoch"]}
    return requests.get(f"{url}/sessies/{slug}/live/state", params=query, headers=headers, timeout=10).json()


DEEDS = {
    "enter": enter,
    "send": lambda order: call(order["event"], {"session": session, **order["message"]}),
    "http": http,
    "state": state,
    "leave": lambda _order: client.disconnect() or {},
    "come_back": connect,
    "sync": sync,
    "look": lambda _order: {},
}


def tell(answer):
    print(
        json.dumps({"answer": answer, "items": list(items.values()), "own": list(own.values()), **known}),
        flush=True,
    )


tell(connect())
for line in sys.stdin:
    order = json.loads(line)
    if order["do"] == "end":
        break
    tell(DEEDS[order["do"]](order))
client.disconnect()
