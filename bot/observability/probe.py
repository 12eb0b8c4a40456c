"""`check` as a probe: several looks at once within a time limit; one is at the running service."""

import http.client
import json
import time
from collections.abc import Callable, Iterator, Mapping

from bot.config.settings import MonitoringSettings
from bot.errors import CheckResult
from bot.observability.timeout import begin

MOST_BYTES = 100_000


def all_within(
    seconds: float, looks: Mapping[str, Callable[[], CheckResult]]
) -> Iterator[CheckResult]:
    """Looks at everything at the same time; a result for each, in order, when its time is up."""
    deadline = time.monotonic() + seconds
    running = {name: begin(look) for name, look in looks.items()}
    for name, result in running.items():
        try:
            yield result(deadline - time.monotonic())
        except TimeoutError:
            advice = "it hangs, or --seconds is too short"
            yield CheckResult(False, f"{name}: no answer within {seconds:g} s", advice)


def check_service(
    settings: MonitoringSettings, seconds: float, *, must_run: bool = False
) -> CheckResult:
    """What the running service says of itself at /healthz; that none runs may be as it should."""
    connection = http.client.HTTPConnection(settings.host, settings.port, timeout=seconds)
    try:
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        told = json.loads(answer.read(MOST_BYTES))
        problems, age = "; ".join(told["problems"]), f"{told['last_round_seconds']:g}"
    except ConnectionRefusedError:
        line = f"service: none runs that answers at {settings.host} port {settings.port}"
        return CheckResult(not must_run, line, "start it: python -m bot run" if must_run else "")
    except TimeoutError:
        advice = "it hangs: see its log, then restart it"
        return CheckResult(False, f"service: no answer within {seconds:g} s", advice)
    except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError):
        advice = "does another program use monitoring.port?"
        return CheckResult(False, "service: what answers is not the bot", advice)
    finally:
        connection.close()
    if answer.status != http.client.OK:
        return CheckResult(False, f"service: {problems}", "docs/operating.md says what to do")
    return CheckResult(True, f"service: runs; its main loop came round {age} s ago")
