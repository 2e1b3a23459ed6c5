"""A provider of payouts for trying things out, which pays nobody: python3 provider.py PORT [FAILURES].

It takes POST /v1/payouts/KEY once for each key, and answers a repetition with the payment that it has made; GET says
what it has made. The first FAILURES payouts fail. Each payment is a line on standard output.
"""

import json
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

payments = {}
failures = int(sys.argv[2]) if len(sys.argv) > 2 else 0


class Provider(BaseHTTPRequestHandler):
    def do_GET(self):
        payment = payments.get(self.path)
        self.answer(200, payment) if payment else self.answer(404, {"error": "no such payout"})

    def do_POST(self):
        global failures
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if self.path in payments:
            self.answer(200, payments[self.path])
        elif failures > 0:
            failures -= 1
            self.answer(503, {"error": "unavailable"})
        else:
            payment = {"payment": f"p{len(payments) + 1}", "amount": asked["amount"]}
            payments[self.path] = payment
            print(f"paid {self.path} {asked['amount']}", flush=True)
            self.answer(201, payment)

    def answer(self, status, what):
        body = json.dumps(what).encode()
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = HTTPServer(("127.0.0.1", int(sys.argv[1])), Provider)
print(f"port {server.server_port}", flush=True)
server.serve_forever()
