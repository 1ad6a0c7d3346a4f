"""The server under the app: sockets, HTTP, HTTPS, timeouts, signals."""
