"""The way out of a container for Python: the host makes the call, as the contract allows."""

import http.client
import json
import os
import socket
import sys


class Host(http.client.HTTPConnection):
    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(os.environ["IF_EGRESS"])


def http_request(request):
    host = Host("host")
    handle = {"Authorization": "Bearer " + os.environ["IF_CREDENTIAL"]}
    host.request("POST", "/", json.dumps(request), handle)
    return json.load(host.getresponse())


if __name__ == "__main__":
    # The task is a request, and its answer the answer.
    print(json.dumps(http_request(json.load(sys.stdin))))
