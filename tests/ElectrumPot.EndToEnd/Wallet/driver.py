# SPDX-License-Identifier: MIT
"""Electrum 4.3.4 without its windows: one wallet and one network, told what to do by JSON lines on standard input.

A command is {"id": 1, "do": "pay", ...}; the answer {"id": 1, "result": ...} or {"id": 1, "error": "..."}.
Waiting is done on Electrum's own events; every wait has a deadline ("within", seconds).
"""

import asyncio
import json
import os
import sys
import traceback

try:
    from electrum import keystore, util
    from electrum.bitcoin import COIN
    from electrum.mnemonic import Mnemonic
    from electrum.network import Network
    from electrum.simple_config import SimpleConfig
    from electrum.storage import WalletStorage
    from electrum.transaction import PartialTxOutput
    from electrum.version import ELECTRUM_VERSION
    from electrum.wallet import Wallet
    from electrum.wallet_db import WalletDB
except ImportError as missing:
    print(json.dumps({"id": None, "error": f"Electrum's Python modules are missing: {missing}"}), flush=True)
    sys.exit(1)

import coins

EVENTS = ["wallet_updated", "network_updated", "blockchain_updated", "status", "new_transaction", "verified",
          "default_server_changed", "fee_histogram", "banner", "adb_set_up_to_date", "adb_removed_verified_tx"]


class Changes:
    """Wakes everybody who waits whenever Electrum reports anything."""

    def __init__(self):
        self._next = asyncio.Event()
        self.seen = []

    def signal(self, event):
        def note(*_arguments):
            self.seen.append(event)
            woken, self._next = self._next, asyncio.Event()
            woken.set()
        return note

    async def until(self, condition, what, within):
        loop = asyncio.get_running_loop()
        end = loop.time() + within
        while not condition():
            left = end - loop.time()
            if left <= 0:
                raise TimeoutError(f"after {within} s still not {what()}")
            try:
                # Some states change without an event, so nobody sleeps for long.
                await asyncio.wait_for(self._next.wait(), min(left, 0.25))
            except asyncio.TimeoutError:
                pass


class Driver:
    def __init__(self):
        self.config = self.network = self.wallet = self.changes = None

    async def open(self, home, coin, server, seed=None, seed_type="segwit", last_pow_block=None, fingerprint=None):
        """Creates the wallet, or opens the one in the folder, and connects to this server only."""
        coins.use(coin, last_pow_block)
        options = {"electrum_path": home, "server": server, "oneserver": True, "auto_connect": False, "check_updates": False}
        if fingerprint:
            options["serverfingerprint"] = fingerprint
        self.config = SimpleConfig(options)
        self.changes = Changes()
        for event in EVENTS:
            util.register_callback(self.changes.signal(event), [event])

        storage = WalletStorage(os.path.join(home, "wallet"))
        if storage.file_exists():
            db = WalletDB(storage.read(), manual_upgrades=False)
        else:
            db = WalletDB("", manual_upgrades=False)
            keys = keystore.from_seed(seed or Mnemonic("en").make_seed(seed_type=seed_type), "")
            db.put("keystore", keys.dump())
            db.put("wallet_type", "standard")
        self.wallet = Wallet(db, storage, config=self.config)
        self.wallet.synchronize()
        self.wallet.save_db()
        self.network = Network(self.config)
        self.network.start()
        self.wallet.start_network(self.network)
        return {"seed": self.wallet.get_seed(None), "version": ELECTRUM_VERSION}

    def _state(self):
        tip = self.network.get_server_height() if self.network.interface else None
        return {"connected": self.network.is_connected(), "server_height": tip, "local_height": self.network.get_local_height(),
                "synced": self.wallet.is_up_to_date(), "balance": self._balance(), "history": self._history()}

    def _balance(self):
        confirmed, unconfirmed, immature = self.wallet.get_balance()
        return {"confirmed": confirmed, "unconfirmed": unconfirmed, "immature": immature}

    def _history(self):
        items = self.wallet.adb.get_history(self.wallet.get_addresses())
        return [{"txid": item.txid, "height": item.tx_mined_status.height, "delta": item.delta, "fee": item.fee} for item in items]

    async def state(self):
        return self._state()

    async def wait_synced(self, height, within=60):
        """Until the header chain ends at this height and every address is up to date."""
        def synced():
            return (self.network.is_connected() and self.network.get_server_height() == height
                    and self.network.get_local_height() == height and self.wallet.is_up_to_date())
        await self.changes.until(synced, lambda: f"synchronised at height {height}: {self._state()}", within)
        return self._state()

    async def wait_balance(self, confirmed, unconfirmed, immature=0, within=60):
        wanted = {"confirmed": confirmed, "unconfirmed": unconfirmed, "immature": immature}
        await self.changes.until(lambda: self._balance() == wanted, lambda: f"{wanted}: {self._state()}", within)
        return self._state()

    async def wait_transaction(self, txid, height, within=60):
        """Until the transaction stands at this height; a confirmed one only after its merkle proof was accepted."""
        await self.changes.until(lambda: any(item["txid"] == txid and item["height"] == height for item in self._history())
                                 and (height <= 0 or self.wallet.db.get_verified_tx(txid) is not None),
                                 lambda: f"{txid} at height {height}: {self._state()}", within)
        return self._state()

    async def wait_connected(self, connected, within=60):
        await self.changes.until(lambda: self.network.is_connected() == connected, lambda: f"connected = {connected}", within)
        return self._state()

    async def address(self, index, change=False):
        addresses = self.wallet.get_change_addresses() if change else self.wallet.get_receiving_addresses()
        return addresses[index]

    async def pay(self, address, amount, fee):
        """Signs and broadcasts; amounts in the smallest unit. Electrum checks that the server answers with the txid."""
        output = PartialTxOutput.from_address_and_value(address, amount)
        tx = self.wallet.create_transaction([output], fee=fee, rbf=False)
        await self.network.broadcast_transaction(tx)
        return tx.txid()

    async def banner(self, within=30):
        await self.changes.until(lambda: self.network.banner, lambda: "given a banner", within)
        return self.network.banner

    async def relay_fee(self, within=30):
        await self.changes.until(lambda: self.network.relay_fee is not None, lambda: "given a relay fee", within)
        return self.network.relay_fee / COIN

    async def events(self):
        """Names of everything reported since the last call."""
        seen, self.changes.seen = self.changes.seen, []
        return seen

    async def close(self):
        await self.wallet.stop()
        await self.network.stop()
        return None


def main():
    loop, stopping, loop_thread = util.create_and_start_event_loop()
    driver = Driver()

    async def answer(command):
        try:
            arguments = {name: value for name, value in command.items() if name not in ("id", "do")}
            reply = {"result": await getattr(driver, command["do"])(**arguments)}
        except Exception as failure:
            traceback.print_exc()
            reply = {"error": str(failure) or repr(failure)}
        print(json.dumps({"id": command["id"], **reply}), flush=True)

    for line in sys.stdin:
        asyncio.run_coroutine_threadsafe(answer(json.loads(line)), loop)
    loop.call_soon_threadsafe(stopping.set_result, 1)
    loop_thread.join(timeout=5)


if __name__ == "__main__":
    main()
