"""The server under the app: sockets, HTTP, HTTPS, time-outs, signals."""
