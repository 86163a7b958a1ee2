# SPDX-License-Identifier: MIT
"""The HTTP transport of Electrum-POT 1.9.8.1, by the same libraries under their newer names: every request in an array,
polls with GET at an interval that grows while nothing comes, cookies left to the library's jar.

polling_client.py URL SECONDS, SECONDS being the shortest interval (1 in the wallet). Requests are read from standard
input, one JSON object a line; what the server says is printed, one JSON object a line."""

import http.cookiejar
import json
import queue
import ssl
import sys
import threading
import time
import urllib.request

TIMEOUT = 5
LONGEST = 15


class Wallet:
    def __init__(self, url):
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        self.url = url
        self.session = None
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(self.jar), urllib.request.HTTPSHandler(context=context))

    def exchange(self, requests):
        """Returns how many messages came."""
        headers = {"content-type": "application/json"}
        if self.session:
            headers["cookie"] = "SESSION=" + self.session
        body = json.dumps(requests).encode() if requests else None
        with self.opener.open(urllib.request.Request(self.url, body, headers), timeout=TIMEOUT) as answer:
            text = answer.read()
        self.session = next((cookie.value for cookie in self.jar if cookie.name == "SESSION"), self.session)
        if not self.session:
            raise ConnectionError("no cookie received")
        if not text:
            return 0
        messages = json.loads(text)
        if not isinstance(messages, list):
            messages = [messages]
        for message in messages:
            print(json.dumps(message), flush=True)
        return len(messages)


def read_requests(requests):
    for line in sys.stdin:
        requests.put(json.loads(line))
    requests.put(None)


def main(url, shortest):
    requests = queue.Queue()
    threading.Thread(target=read_requests, args=(requests,), daemon=True).start()
    wallet = Wallet(url)
    wallet.exchange([])
    interval, last = 1, time.monotonic()
    while True:
        batch = []
        while not requests.empty():
            request = requests.get()
            if request is None:
                return
            batch.append(request)
        if batch or time.monotonic() - last >= interval * shortest:
            last = time.monotonic()
            interval = 1 if wallet.exchange(batch) else min(interval + 1, LONGEST)
        time.sleep(0.01)


main(sys.argv[1], float(sys.argv[2]))
