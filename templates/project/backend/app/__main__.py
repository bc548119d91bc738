"""`python -m app` starts the server at your desk. The README says how to run it in production."""

import argparse
import socket

import uvicorn


def free_port(wanted: int) -> int:
    for port in range(wanted, min(wanted + 100, 65536)):
        try:
            # Unlike a plain bind, it does not mind what a stopped app leaves for a minute.
            socket.create_server(("127.0.0.1", port)).close()
        except OSError:
            print(f"Port {port} is taken.", flush=True)
        else:
            return port
    raise SystemExit(f"No free port from {wanted} on. Choose another with --port.")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m app", description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--reload", action="store_true", help="restart when the code changes")
    parser.add_argument("--quiet", action="store_true", help="leave the address unsaid")
    options = parser.parse_args()
    port = free_port(options.port)
    if not options.quiet:
        print(f"Open http://localhost:{port}", flush=True)
    uvicorn.run(
        "app.main:create_app",
        factory=True,
        port=port,
        reload=options.reload,
        timeout_graceful_shutdown=5,
        log_config=None,  # the app has its own
        access_log=False,
    )
