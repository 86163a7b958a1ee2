# SPDX-License-Identifier: MIT
"""A conversation over Debian's python3-websockets. Prints a JSON object for each step; the last one is {"step": "end"}.

websocket_client.py URL MODE, where MODE is talk, wait-for-close or too-large."""

import asyncio
import json
import ssl
import sys

import websockets


def tell(step, **facts):
    print(json.dumps({"step": step, **facts}), flush=True)


async def call(socket, message):
    await socket.send(message)
    return json.loads(await socket.recv())


async def talk(socket):
    version = {"jsonrpc": "2.0", "id": 0, "method": "server.version", "params": ["scripted", "1.4"]}
    tell("version", reply=await call(socket, json.dumps(version)))

    banner = json.dumps({"id": 1, "method": "server.banner", "params": []})
    tell("fragments", reply=await call(socket, [banner[:1], banner[1:20], banner[20:]]))
    tell("binary", reply=await call(socket, banner.encode() + b"\n"))
    batch = [{"id": i, "method": "blockchain.block.header", "params": [i]} for i in range(3)]
    tell("batch", ids=[member["id"] for member in await call(socket, json.dumps(batch))])

    headers = {"id": 2, "method": "blockchain.block.headers", "params": [0, 150]}
    tell("long", length=len((await call(socket, json.dumps(headers)))["result"]["hex"]))
    await asyncio.wait_for(await socket.ping(b"are you there"), 10)
    tell("pong")

    tip = await call(socket, json.dumps({"id": 3, "method": "blockchain.headers.subscribe", "params": []}))
    tell("subscribed", height=tip["result"]["height"])
    notice = json.loads(await socket.recv())
    tell("notified", method=notice["method"], height=notice["params"][0]["height"])
    await socket.close()
    tell("closed", code=socket.close_code)


async def wait_for_close(socket):
    await call(socket, json.dumps({"id": 1, "method": "server.ping"}))
    tell("waiting")
    await socket.wait_closed()
    tell("closed", code=socket.close_code)


async def too_large(socket):
    try:
        await socket.send(" " * 2_000_000)
        tell("refused", reply=json.loads(await socket.recv()))
        await socket.recv()
    except websockets.ConnectionClosed:
        pass
    tell("closed", code=socket.close_code)


async def main(url, mode):
    context = None
    if url.startswith("wss"):
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    # This library offers compression by itself.
    async with websockets.connect(url, ssl=context, origin="https://wallet.example") as socket:
        tell("connected", extensions=[extension.name for extension in socket.extensions], subprotocol=socket.subprotocol)
        await {"talk": talk, "wait-for-close": wait_for_close, "too-large": too_large}[mode](socket)
    tell("end")


asyncio.run(asyncio.wait_for(main(sys.argv[1], sys.argv[2]), 60))
