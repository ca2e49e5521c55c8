"""Requests for the finished session that anybody let in may look at: it is simulated, and nobody's."""

from __future__ import annotations

import asyncio
import functools
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

from starlette.responses import Response

from coregulation.live.server.middleware import REPORT_POLICY
from coregulation.live.server.requests import json_response

if TYPE_CHECKING:
    from starlette.requests import Request


async def minutes(_request: Request) -> Response:
    """Give its first screen."""
    from coregulation.live.server.example_session import example_minutes

    return json_response(await asyncio.to_thread(example_minutes))


@functools.cache
def _report_future() -> Future[tuple[bytes, bytes]]:
    """Make its report in a process of its own, once in the life of the program."""
    from coregulation.live.server.example_session import example_report
    from coregulation.live.server.worker import REPORT_LIMITS, run_limited

    pool = ThreadPoolExecutor(1)
    future = pool.submit(run_limited, example_report, limits=REPORT_LIMITS)
    pool.shutdown(wait=False)
    return future


async def report(_request: Request) -> Response:
    """Give its report's page, as soon as it is made."""
    if not _report_future().done():
        return json_response({"state": "working"}, 202)
    headers = {"content-security-policy": REPORT_POLICY, "x-frame-options": "SAMEORIGIN"}
    return Response(_report_future().result()[0], media_type="text/html", headers=headers)


async def result(_request: Request) -> Response:
    """Give what the report rests on."""
    if not _report_future().done():
        return json_response({"state": "working"}, 202)
    return Response(_report_future().result()[1], media_type="application/json")
