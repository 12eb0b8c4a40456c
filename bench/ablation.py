"""What each device of speed gives: the end-to-end bench with it, and with it switched off.

usage: python -m bench.ablation [--messages N] [--rounds N] [DEVICE …]

In each round the bot runs whole and, next to that, once without each device, always over a mailbox
of its own with the same mail. Told are the medians of the ratios within a round: machines are
noisy, and noise passes. `start` lasts until the first mail is there, `throughput` counts from then
on; `CPU` is that of all the bot's processes: on a busy machine the truer of the two.
"""

from __future__ import annotations

import argparse
import logging
import statistics
from collections import defaultdict

from bench.end_to_end import offices, run
from bench.switched_off import DEVICES, NOTHING, VARIABLE
from bot.observability.logs import set_up

Figures = dict[str, float]


def measured(device: str, messages: int) -> Figures:
    """Figures of one run without a device."""
    with offices(messages, 1, postgres=False) as (bots, _, _):
        bots[0].module = "bench.switched_off"
        bots[0].environment[VARIABLE] = device
        figures = run(bots, messages, apart=False, pinned=False)
    return {
        "start": figures["seconds to the first mail"],
        "throughput": messages / (figures["seconds"] - figures["seconds to the first mail"]),
        "CPU": figures["CPU ms: main"] + figures["CPU ms: reading"],
        "peak MB": figures["peak MB"],
    }


def main() -> None:
    """Measures and prints, a line for each device after each round."""
    parser = argparse.ArgumentParser(prog="python -m bench.ablation")
    parser.add_argument("devices", nargs="*", default=DEVICES, metavar="DEVICE")
    parser.add_argument("--messages", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    set_up(as_json=True, least=logging.WARNING)
    found: dict[str, list[tuple[Figures, Figures]]] = defaultdict(list)
    for number in range(asked.rounds):
        print(f"round {number + 1} of {asked.rounds}", flush=True)
        for device in asked.devices:
            pair = [measured(one, asked.messages) for one in _order(device, number)]
            found[device].append((pair[number % 2], pair[1 - number % 2]))
            print(_line(device, found[device]), flush=True)


def _order(device: str, number: int) -> tuple[str, str]:
    """The whole bot first, or last: whoever comes second may find things warm."""
    return (NOTHING, device) if number % 2 == 0 else (device, NOTHING)


def _line(device: str, pairs: list[tuple[Figures, Figures]]) -> str:
    def ratio(name: str) -> float:
        return statistics.median(whole[name] / without[name] for whole, without in pairs)

    start = statistics.median(without["start"] - whole["start"] for whole, without in pairs)
    memory = statistics.median(without["peak MB"] - whole["peak MB"] for whole, without in pairs)
    return (
        f"{device:22} throughput {ratio('throughput'):5.2f}  CPU {ratio('CPU'):5.2f}"
        f"  start {start:+5.2f} s  memory {memory:+5.0f} MB"
    )


if __name__ == "__main__":
    main()
