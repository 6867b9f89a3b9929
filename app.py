"""Serves the web app: `python app.py [--host H] [--port P] [--workspace DIR]`."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from pathlib import Path

from pydantic import ValidationError

from assistant.errors import AssistantError
from assistant.settings import Settings
from assistant.web.serving import open_listener, serve


def main(arguments: list[str] | None = None) -> int:
    """Serve until stopped; 1 with one line on standard error where that is impossible."""
    parser = argparse.ArgumentParser(prog="app.py", description="Serves Kotoapuri, the web app.")
    parser.add_argument("--host", default="127.0.0.1", help="address to serve on (default: %(default)s)")
    parser.add_argument("--port", default="7860", help="port to serve on (default: %(default)s)")
    parser.add_argument("--workspace", type=Path, help="folder of the index and the added documents")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        if not (options.port.isascii() and options.port.isdigit()):
            raise AssistantError(f"Port {options.port!r} is not a number. Give one from 1024 to 65535.")
        with open_listener(options.host, int(options.port)) as listener:
            from assistant.assistant import Assistant

            settings = Settings()
            with Assistant.open(workspace=options.workspace, settings=settings) as assistant:
                serve(assistant, settings, listener, options.host)
    except ValidationError as error:
        fault = error.errors()[0]
        print(f"Setting KOTOAPURI_{'_'.join(map(str, fault['loc'])).upper()}: {fault['msg']}.", file=sys.stderr)
        return 1
    except AssistantError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # everything is closed; a thread that is still loading a model is not waited for
