# SPDX-License-Identifier: MIT
"""Electrum's network constants and checks for the coins under test, as a port of Electrum to the coin would set them."""

import hashlib
import time

from electrum import blockchain, constants, transaction
from electrum.util import bfh


class LitecoinRegtest(constants.BitcoinRegtest):
    NET_NAME = "litecoin-regtest"
    ADDRTYPE_P2PKH = 111
    ADDRTYPE_P2SH = 58
    SEGWIT_HRP = "rltc"
    BOLT11_HRP = SEGWIT_HRP
    GENESIS = "530827f38f93b43ed12af0b3ad25a288dc02ed74d6d7857862df51fc56c416f9"
    DEFAULT_SERVERS = {}
    LAST_POW_BLOCK = None


class Potcoin(constants.BitcoinRegtest):
    """Mainnet addresses and genesis; a test chain never reaches the real end of proof of work, so that height is set by the test."""

    NET_NAME = "potcoin"
    WIF_PREFIX = 183
    ADDRTYPE_P2PKH = 55
    ADDRTYPE_P2SH = 5
    SEGWIT_HRP = "pot"
    BOLT11_HRP = SEGWIT_HRP
    GENESIS = "de36b0cb2a9c7d1d7ac0174d0a89918f874fabcf5f9741dd52cd6d04ee1335ec"
    DEFAULT_SERVERS = {}
    LAST_POW_BLOCK = 974_999


COINS = {net.NET_NAME: net for net in (LitecoinRegtest, Potcoin)}


def use(name, last_pow_block=None):
    """Makes Electrum, already imported, a wallet of this coin."""
    net = COINS[name]
    if last_pow_block is not None:
        net.LAST_POW_BLOCK = last_pow_block
    constants.net = net
    blockchain.Blockchain.verify_header = classmethod(_verify_header)
    if net is Potcoin:
        _teach_transaction_times()


def _verify_header(cls, header, prev_hash, target, expected_header_hash=None):
    """Electrum's own check exempts test networks from proof of work; here every header has to bring its scrypt work."""
    block_hash = blockchain.hash_header(header)
    if expected_header_hash and expected_header_hash != block_hash:
        raise Exception(f"hash mismatches with expected: {expected_header_hash} vs {block_hash}")
    if prev_hash != header["prev_block_hash"]:
        raise Exception(f"prev hash mismatch: {prev_hash} vs {header['prev_block_hash']}")
    if constants.net.LAST_POW_BLOCK is not None and header["block_height"] > constants.net.LAST_POW_BLOCK:
        return
    raw = bfh(blockchain.serialize_header(header))
    work = int.from_bytes(hashlib.scrypt(raw, salt=raw, n=1024, r=1, p=1, dklen=32), "little")
    if work > cls.bits_to_target(header["bits"]):
        raise Exception(f"insufficient proof of work at height {header['block_height']}")


def _teach_transaction_times():
    """Transactions above version 3 end with a 4-byte time, which is part of the txid and not of the signature hash."""
    Transaction, PartialTransaction = transaction.Transaction, transaction.PartialTransaction
    read, write, build = Transaction.deserialize, Transaction.serialize_to_network, PartialTransaction.from_io.__func__

    def deserialize(self):
        raw = self._cached_network_ser
        if raw is None or self._inputs is not None:
            return
        if int.from_bytes(bfh(raw[:8]), "little", signed=True) <= 3:
            read(self)
            return
        self.time = int.from_bytes(bfh(raw[-8:]), "little")
        self._cached_network_ser = raw[:-8]
        try:
            read(self)
        finally:
            self._cached_network_ser = raw

    def serialize_to_network(self, **options):
        raw = write(self, **options)
        return raw + self.time.to_bytes(4, "little").hex() if self.version > 3 else raw

    def from_io(cls, inputs, outputs, *, version=4, **options):
        built = build(cls, inputs, outputs, version=version, **options)
        built.time = int(time.time())
        return built

    Transaction.time = 0
    Transaction.deserialize = deserialize
    Transaction.serialize_to_network = serialize_to_network
    PartialTransaction.from_io = classmethod(from_io)
