"""A client in plain Python: python3 examples/example.py [URL]."""

import sys
import urllib.error
import urllib.request

BASE = sys.argv[1] if len(sys.argv) > 1 else "http://localhost:9001"


def send(method, key, value=None):
    """Return the status, the headers and the body of an answer."""
    request = urllib.request.Request(f"{BASE}/kv/{key}", data=value, method=method)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


status, headers, _ = send("PUT", "greeting-python", b"hello")
print(f"put {status}, {headers['Dynamo-Replicas']}")
status, _, value = send("GET", "greeting-python")
print(f"get {status}, {value.decode()}")
print(f"delete {send('DELETE', 'greeting-python')[0]}")
print(f"get {send('GET', 'greeting-python')[0]}")
