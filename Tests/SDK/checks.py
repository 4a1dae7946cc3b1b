"""Counts named checks; shared by the scripts that drive the official client libraries."""
import sys
import traceback


class Checks:
    def __init__(self):
        self.passed = 0
        self.failed = 0

    def run(self, name, check):
        try:
            check()
        except Exception:
            self.failed += 1
            print(f"FAILED {name}")
            traceback.print_exc()
        else:
            self.passed += 1
            print(f"ok     {name}")

    def finish(self):
        print(f"{self.passed} passed, {self.failed} failed")
        sys.exit(1 if self.failed else 0)


def raises(kind, call):
    """The error of the given class that the call raises."""
    try:
        call()
    except kind as error:
        return error
    raise AssertionError(f"expected {kind.__name__}")


def post(url, body):
    """Posts JSON without a client library, for the simulator's own pages."""
    import json
    import urllib.request

    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as response:
        return json.load(response)


def get(url):
    import json
    import urllib.request

    with urllib.request.urlopen(url) as response:
        return json.load(response)
